import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from '@jest/globals'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** What CHROMIUM_PATH says, or else the first of the usual names on the PATH. */
const executablePath =
  process.env.CHROMIUM_PATH ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))

const advice = 'no Chromium here: apt-get install chromium, or say where it is in CHROMIUM_PATH'

/**
 * Tests that need a browser. Without one they are skipped and say so; in CI, which is to have tried everything, they
 * fail.
 */
export function describeInBrowser(name: string, define: () => void): void {
  const failing = () => {
    test('needs a browser', () => {
      throw new Error(advice)
    })
  }
  if (executablePath !== undefined) describe(name, define)
  else if (process.env.CI !== undefined) describe(name, failing)
  else {
    // The summary only counts what is skipped.
    process.stderr.write(`skipped: tests ${name} (${advice})\n`)
    describe.skip(`${name} (${advice})`, define)
  }
}

/** A browser that speaks with this machine only. Inside of containers Chromium's own sandbox has no rights. */
export const launchBrowser = async (): Promise<Browser> =>
  await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
  })

import { type Browser, chromium } from 'playwright-core'
import { describeIfFound, findProgram } from './needs.ts'

/** What CHROMIUM_PATH says, or else the first of the usual names on the PATH. */
const executablePath =
  process.env.CHROMIUM_PATH ??
  findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')

const advice = 'no Chromium here: apt-get install chromium, or say where it is in CHROMIUM_PATH'

export const describeInBrowser = (name: string, define: () => void): void =>
  describeIfFound(name, executablePath, advice, define)

/** A browser that speaks with this machine only. Containers give Chromium's sandbox no rights and little shared memory. */
export const launchBrowser = async (): Promise<Browser> =>
  await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
    ],
  })

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from '@jest/globals'

/** The first of these programs that is installed. */
export const findProgram = (...names: readonly string[]): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))

/**
 * Tests that need a program. Without it they are skipped and say so; in CI, which is to have tried everything, they
 * fail.
 * @param advice what is missing, and how to get it
 */
export function describeIfFound(
  name: string,
  program: string | undefined,
  advice: string,
  define: () => void,
): void {
  const failing = () => {
    test('needs a program', () => {
      throw new Error(advice)
    })
  }
  if (program !== undefined) describe(name, define)
  else if (process.env.CI !== undefined) describe(name, failing)
  else {
    // The summary only counts what is skipped.
    process.stderr.write(`skipped: ${name} (${advice})\n`)
    describe.skip(`${name} (${advice})`, define)
  }
}

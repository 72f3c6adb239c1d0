import type { TestRun } from './start.ts'

declare global {
  var manybaseTestRun: TestRun | undefined
}

/** jest may load setup and teardown with copies of their modules; the process is what they share. */
export function keepRun(run: TestRun): void {
  globalThis.manybaseTestRun = run
}

export function takeRun(): TestRun | undefined {
  const run = globalThis.manybaseTestRun
  globalThis.manybaseTestRun = undefined
  return run
}

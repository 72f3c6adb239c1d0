import { type ExitCode, exitCodes } from '@manybase/failure'
import type { Facts } from './facts.ts'
import type { Remark, Result } from './result.ts'

/** One question of the checklist: pure, so that what it answers depends on the facts alone. */
export interface Check {
  readonly name: string
  /** What it asks, for the help page. */
  readonly asks: string
  /** Remarks of any number; none where the question doesn't arise. */
  run(facts: Facts): readonly Remark[]
}

export const runChecks = (checks: readonly Check[], facts: Facts): readonly Result[] =>
  checks.flatMap((check) =>
    check.run(facts).map((remark) => ({ check: check.name, database: facts.database, ...remark })),
  )

/** Warnings count only when they are asked to. */
export const exitCodeFor = (results: readonly Result[], strict: boolean): ExitCode =>
  results.some(({ status }) => status === 'failed' || (strict && status === 'warning'))
    ? exitCodes.found
    : exitCodes.done

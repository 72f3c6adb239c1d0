import { defineFailure, exitCodes, Failure } from '@manybase/failure'
import { explainFinding, type Finding } from './findings.ts'

/** The plan's findings as one failure; its code is `plan.` and the kind of the first finding. */
export function planBlocked(findings: readonly [Finding, ...Finding[]]): Failure {
  const explained = findings.map(explainFinding)
  const all = (key: 'what' | 'why' | 'fix') => [...new Set(explained.map((each) => each[key]))].join('\n')
  return new Failure(
    { code: `plan.${findings[0].kind}`, exitCode: exitCodes.precondition },
    { what: all('what'), why: all('why'), fix: all('fix') },
    { findings },
  )
}

export const targetMalformed = defineFailure<{ target: string }>(
  'target.malformed',
  exitCodes.precondition,
  ({ target }) => ({
    what: `"${target}" is neither a revision nor a range.`,
    why: 'A revision is head, heads, base, an id, +N or -N, with NAME@ before it where it must say the database; a range is A:B, :B or A:.',
    fix: 'See the revisions: pnpm db history',
  }),
)

export const targetIsRange = defineFailure<{ range: string }>(
  'target.is-range',
  exitCodes.precondition,
  ({ range }) => ({
    what: `"${range}" is a range, where one revision is meant.`,
    why: 'What is done to a database begins where it stands. Ranges are for history -r, for squash, and for upgrade and downgrade with --sql.',
    fix: `Say the end alone: ${range.slice(range.lastIndexOf(':') + 1) || 'head'}`,
  }),
)

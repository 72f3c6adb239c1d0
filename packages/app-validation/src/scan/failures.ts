import { defineFailure, errorCode, errorMessage, exitCodes } from '@manybase/failure'
import type { Link } from '../sweep/link.ts'

type Sides = {
  readonly source: string
  readonly referencing: string
  readonly message: string
}

const integrityForbidden = defineFailure<Sides>(
  'integrity.forbidden',
  exitCodes.precondition,
  ({ source, referencing, message }) => ({
    what: `A right is missing to compare ${referencing} with ${source}: ${message}.`,
    why: 'A scan reads the columns on both sides and the tables of the schemas "integrity", past row-level security. A repair also locks the referenced table and changes the rows.',
    fix: 'Put the role of the owner into the URL, or GRANT it what is missing.',
  }),
)

const integrityLocked = defineFailure<Sides>(
  'integrity.locked',
  exitCodes.precondition,
  ({ source, referencing, message }) => ({
    what: `A table of ${referencing} or ${source} stayed locked for a minute: ${message}.`,
    why: 'Reading waits only for ACCESS EXCLUSIVE, which migrations take, and VACUUM FULL.',
    fix: 'Try again when that is over. What a repair did before stays done.',
  }),
)

/** Turns what a server refuses in the middle of reading into a failure; others pass unchanged. */
export function explainRefusal(error: unknown, { source, referencing }: Link): unknown {
  const sides = { source, referencing, message: errorMessage(error) }
  const code = errorCode(error)
  if (code === '42501') return integrityForbidden(sides, error)
  if (code === '55P03') return integrityLocked(sides, error)
  return error
}

import { defineFailure, exitCodes } from '@manybase/failure'

export const reviveTooEarly = defineFailure<{ target: string; id: string; database: string }>(
  'revive.too-early',
  exitCodes.precondition,
  ({ target, id, database }) => ({
    what: `${id} of ${target} can't be used again yet.`,
    why: `${database} has no receipt for its deletion: rows that name it are still to be deleted or cleared.`,
    fix: 'Run pnpm db integrity sweep first.',
  }),
)

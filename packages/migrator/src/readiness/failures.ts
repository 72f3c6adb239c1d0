import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const databaseBehind = defineFailure<{ pending: readonly string[] }>(
  'readiness.behind',
  precondition,
  ({ pending }) => ({
    what: `The database is not at head: ${pending.join(', ')} ${pending.length > 1 ? 'are' : 'is'} not applied.`,
    why: 'This program was built for a later state of the database, and would fail at the first query that needs it.',
    fix: 'Migrate before you deploy: pnpm db:migrate',
  }),
)

export const databaseDivergent = defineFailure<{ revisions: readonly string[] }>(
  'readiness.divergent',
  precondition,
  ({ revisions }) => ({
    what: `The database has other versions of ${revisions.join(', ')} than this program.`,
    why: 'The checksums in the ledger are not those of the history that this program was built with.',
    fix: 'Look at both: pnpm db verify, pnpm db drift; a migration is never edited after it was applied.',
  }),
)

export const readinessUnknown = defineFailure<{ reason: string }>(
  'readiness.unknown',
  precondition,
  ({ reason }) => ({
    what: 'Nobody can say whether the database is at head.',
    why: `Its ledger can't be read: ${reason}.`,
    fix: 'Check the URL and its `?schema=`; an empty database is migrated by pnpm db:migrate.',
  }),
)

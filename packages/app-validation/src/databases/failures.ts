import { defineFailure, exitCodes } from '@manybase/failure'

export const databaseMissing = defineFailure<{ database: string; columns: readonly string[] }>(
  'references.database-missing',
  exitCodes.precondition,
  ({ database, columns }) => ({
    what: `The database ${database} was not given.`,
    why: `${columns.join(', ')} refer${columns.length === 1 ? 's' : ''} to it.`,
    fix: 'Give its client as well.',
  }),
)

import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const historyMissing = defineFailure<{ database: string; directory: string }>(
  'history.missing',
  precondition,
  ({ database, directory }) => ({
    what: `The history of ${database} isn't there: ${directory}.`,
    why: 'Without its migration directory nobody can say what the database should look like.',
    fix: 'Check the directory out again, or correct `directory` and `migrations` in the catalog.',
  }),
)

export const scriptMissing = defineFailure<{ path: string }>(
  'history.script-missing',
  precondition,
  ({ path }) => ({
    what: `${path} has no migration.sql.`,
    why: 'Every directory of a history is a revision, and Prisma refuses one without a script (P3015).',
    fix: 'Restore the file, or delete the directory if the revision was never applied anywhere.',
  }),
)

export const optionsInvalid = defineFailure<{ file: string; problem: string; known: readonly string[] }>(
  'options.invalid',
  precondition,
  ({ file, problem, known }) => ({
    what: `${file} can't be used: ${problem}.`,
    why: 'A misspelt option would be ignored in silence, and the migration run in another way than was meant.',
    fix: `Correct it; the keys are ${known.join(', ')}.`,
  }),
)

import { defineFailure, exitCodes } from '@manybase/failure'

export const arithmetic = defineFailure<{ column: string; operator: string }>(
  'guard.arithmetic',
  exitCodes.precondition,
  ({ column, operator }) => ({
    what: `${column} is to be changed by \`${operator}\`.`,
    why: 'Which row it would name is known to the database alone, after the write.',
    fix: 'Write the value itself.',
  }),
)

export const rightMissing = defineFailure<{ database: string; table: string }>(
  'guard.right-missing',
  exitCodes.precondition,
  ({ database, table }) => ({
    what: `The guard may not lock rows of ${table} in ${database}.`,
    why: 'SELECT … FOR KEY SHARE needs SELECT, and UPDATE of at least one column.',
    fix: `GRANT SELECT, UPDATE ON ${table} TO its role, or use the mode "checked", which needs SELECT alone.`,
  }),
)

import { defineFailure, exitCodes } from '@manybase/failure'

export const nothingReferenced = defineFailure<{ databases: readonly string[] }>(
  'integrity.nothing',
  exitCodes.precondition,
  ({ databases }) => ({
    what: `No reference leads from or to ${databases.join(' or ')}.`,
    why: 'References between databases are declared above the fields of the Prisma schemas.',
    fix: 'Declare one with /// @reference(database.table.column, onDelete: Cascade | SetNull | Restrict | Keep), or select other databases.',
  }),
)

export const targetUnknown = defineFailure<{ name: string; known: readonly string[] }>(
  'integrity.target-unknown',
  exitCodes.precondition,
  ({ name, known }) => ({
    what: `No reference names the table ${name}.`,
    why: `References name ${known.join(', ')}.`,
    fix: 'Name one of these, or its table alone.',
  }),
)

export const targetAmbiguous = defineFailure<{ known: readonly string[] }>(
  'integrity.target-ambiguous',
  exitCodes.precondition,
  ({ known }) => ({
    what: 'The table has to be said.',
    why: `References name ${known.join(', ')}.`,
    fix: 'Name one of these, such as --table users.',
  }),
)

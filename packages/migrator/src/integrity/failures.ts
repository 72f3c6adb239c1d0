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

export const listReferenced = defineFailure<{ list: string; column: string }>(
  'integrity.list-referenced',
  exitCodes.precondition,
  ({ list, column }) => ({
    what: `References can't lead to ${list}, which is a list of databases.`,
    why: `${column} names its rows, and a value doesn't say in which of them.`,
    fix: 'Refer to a single database; or write a catalog for each member and those that refer to it.',
  }),
)

export const membersTogether = defineFailure<{ list: string; members: readonly string[] }>(
  'integrity.members-together',
  exitCodes.precondition,
  ({ list, members }) => ({
    what: `${members.join(' and ')} lie in one PostgreSQL database.`,
    why: `${list} takes part in references, and the schema integrity of a database serves one member of a list.`,
    fix: 'Give each member a database of its own, or write a catalog in which each has an entry of its own.',
  }),
)

export const integrityRightMissing = defineFailure<{ message: string }>(
  'integrity.right-missing',
  exitCodes.precondition,
  ({ message }) => ({
    what: `The role of the URLs may not do that: ${message}.`,
    why: 'Sweep, scan, delete, status, receipts and pause take the rights of the sweeper; repair, revive and resume, which a person decides, those of the migrator.',
    fix: 'Set the URLs of that role for this command. `pnpm db roles` shows whether it has its rights.',
  }),
)

export const sharedPlace = defineFailure<{ selected: readonly string[]; others: readonly string[] }>(
  'integrity.shared',
  exitCodes.precondition,
  ({ selected, others }) => ({
    what: `${others.join(' and ')} ${others.length === 1 ? 'lies' : 'lie'} in one PostgreSQL database with ${selected.join(' and ')}.`,
    why: 'They share its schema integrity, so it could only be removed from all of them.',
    fix: `Say so: ${[...selected, ...others].map((name) => `--only ${name}`).join(' ')}; or leave --only out.`,
  }),
)

import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const notInBackup = defineFailure<{
  directory: string
  wanted: readonly string[]
  has: readonly string[]
}>('restore.not-in-backup', precondition, ({ directory, wanted, has }) => ({
  what: `${directory} and the catalog don't have the same databases: ${wanted.join(', ')}.`,
  why: `The backup has ${has.join(', ')}; histories that shared a database then must share one now.`,
  fix: 'Name databases that both have, with --only NAME, or choose another backup: pnpm db backup list',
}))

export const historyDiffers = defineFailure<{ database: string; problems: readonly string[] }>(
  'restore.history-differs',
  precondition,
  ({ database, problems }) => ({
    what: `The history of ${database} on disk is not the one of the backup, and nothing was touched.`,
    why: `The history makes the tables that the rows go into. ${problems.join('\n')}`,
    fix: 'Check out the version of the repository that the backup was taken with, or one that has its revisions unchanged; migrate after the restore.',
  }),
)

export const restoreForbidden = defineFailure<{ database: string; user: string; problem: string }>(
  'restore.forbidden',
  precondition,
  ({ database, user, problem }) => ({
    what: `"${user}" may not restore ${database}: it ${problem}.`,
    why: 'A restore makes a new database and gives it the name of the old one, which takes CREATEDB and, of the old one, its ownership.',
    fix: `Restore with the role that owns the database, after ALTER ROLE "${user}" CREATEDB, or with an administrator’s URL.`,
  }),
)

export const databaseInUse = defineFailure<{ database: string; users: readonly string[] }>(
  'restore.in-use',
  precondition,
  ({ database, users }) => ({
    what: `${database} is in use, and can't be replaced as long as it is.`,
    why: `Connected: ${users.join('; ')}.`,
    fix: 'Stop what uses it, or end its connections with --force; a prepared transaction is ended by COMMIT PREPARED or ROLLBACK PREPARED.',
  }),
)

export const restoreUnderWay = defineFailure<{ database: string }>(
  'restore.under-way',
  precondition,
  ({ database }) => ({
    what: `${database} is being restored by another process.`,
    why: 'Two restores would replace each other’s work.',
    fix: 'Wait for it, or end it.',
  }),
)

export const nameTaken = defineFailure<{ name: string }>('restore.name-taken', precondition, ({ name }) => ({
  what: `There is a database "${name}" already.`,
  why: 'With --into nothing is replaced.',
  fix: 'Choose another name, or drop that database.',
}))

export const intoSeveral = defineFailure<{ databases: readonly string[] }>(
  'restore.into-several',
  precondition,
  ({ databases }) => ({
    what: `--into names one database, and ${databases.join(', ')} would go into it.`,
    why: 'Each database of a backup becomes a database of its own.',
    fix: `Name one of them: --only ${databases[0] ?? 'NAME'}`,
  }),
)

export const loadFailed = defineFailure<{ database: string; object: string; message: string }>(
  'restore.load-failed',
  precondition,
  ({ database, object, message }) => ({
    what: `${object} of ${database} can't be restored: ${message}.`,
    why: 'PostgreSQL refused it in the new database, which is dropped again. The old one is as it was.',
    fix: 'Mend what it says (a locale or an extension that this server lacks, a right, a disk that is full), and restore again.',
  }),
)

export const unverified = defineFailure<{ database: string; problems: readonly string[] }>(
  'restore.unverified',
  precondition,
  ({ database, problems }) => ({
    what: `What was restored of ${database} is not what was saved, so it was dropped again; the old one is as it was.`,
    why: problems.join('\n'),
    fix: 'Compare the server’s version, locale and extensions with those in the backup’s manifest.json, and restore again.',
  }),
)

export const restoreToolMissing = defineFailure<{
  database: string
  major: number
  found: readonly string[]
}>('restore.no-tool', precondition, ({ database, major, found }) => ({
  what: `There is no pg_restore for the backup of ${database}, which pg_dump ${major} wrote.`,
  why: `A pg_restore reads files up to its own version. ${found.length > 0 ? `Found: ${found.join(', ')}.` : 'None was found.'}`,
  fix: `Install the client programs of PostgreSQL ${major} or newer.`,
}))

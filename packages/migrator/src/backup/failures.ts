import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition } = exitCodes

export const backupDrifted = defineFailure<{ database: string; differences: readonly string[] }>(
  'backup.drifted',
  precondition,
  ({ database, differences }) => ({
    what: `${database} is not what its history makes, so an archive of it could not be restored.`,
    why: `An archive has the rows, and its history makes the schema again. They differ in:\n${differences.join('\n')}`,
    fix: 'Put the difference into a migration, or undo it: pnpm db drift --sql. With a pg_dump of the server’s version, or a newer one, the schema is in the backup too.',
  }),
)

export const backupCannotCarry = defineFailure<{ database: string; objects: readonly string[] }>(
  'backup.cannot-carry',
  precondition,
  ({ database, objects }) => ({
    what: `An archive can't hold everything that is in ${database}.`,
    why: `It would lack:\n${objects.join('\n')}`,
    fix: 'Install a pg_dump of the server’s version, or a newer one, and take the backup without --archive.',
  }),
)

export const toolMissing = defineFailure<{ database: string; major: number; found: readonly string[] }>(
  'backup.no-tool',
  precondition,
  ({ database, major, found }) => ({
    what: `There is no pg_dump for ${database}, whose server is PostgreSQL ${major}.`,
    why: `A pg_dump reads servers up to its own version. ${found.length > 0 ? `Found: ${found.join(', ')}.` : 'None was found.'}`,
    fix: 'Install the client programs of that version, or take an archive, which needs none: pnpm db backup --archive',
  }),
)

export const toolFailed = defineFailure<{ tool: string; database: string; message: string }>(
  'backup.tool-failed',
  precondition,
  ({ tool, database, message }) => ({
    what: `${tool} failed on ${database}.`,
    why: message,
    fix: 'Mend what it says and run the command again; nothing of this run is left.',
  }),
)

export const unreadable = defineFailure<{ database: string; object: string; message: string }>(
  'backup.unreadable',
  precondition,
  ({ database, object, message }) => ({
    what: `${object} of ${database} can't be read: ${message}.`,
    why: 'A backup has every row or is none; the role in the URL must be allowed to read every table, also past its row security.',
    fix: 'Take it as the owner of the tables, or as a role with pg_read_all_data and BYPASSRLS.',
  }),
)

export const notWritten = defineFailure<{ path: string; reason: string }>(
  'backup.not-written',
  precondition,
  ({ path, reason }) => ({
    what: `The backup can't be written to ${path} (${reason}).`,
    why: 'The disk is full, or this user may not write there.',
    fix: 'Make room, or name another place with --out DIRECTORY. What was begun is removed.',
  }),
)

export const backupMissing = defineFailure<{ directory: string; problem: string }>(
  'backup.missing',
  precondition,
  ({ directory, problem }) => ({
    what: `${directory} is no backup: ${problem}.`,
    why: 'A backup is a directory that `pnpm db backup` has made, with a file SHA256SUMS in it.',
    fix: 'See which there are: pnpm db backup list',
  }),
)

export const backupDamaged = defineFailure<{ directory: string; problems: readonly string[] }>(
  'backup.damaged',
  precondition,
  ({ directory, problems }) => ({
    what: `The backup in ${directory} is damaged, and nothing was touched.`,
    why: problems.join('\n'),
    fix: 'Take another copy of it, or another backup: pnpm db backup list',
  }),
)

export const directoryUnsaid = defineFailure<Record<never, never>>('backup.unsaid', precondition, () => ({
  what: 'It isn’t said which backup is to be verified.',
  why: 'There may be many.',
  fix: 'Name its directory: pnpm db backup list',
}))

import { defineFailure, exitCodes } from '@manybase/failure'

export interface PostgresProblem {
  readonly sqlstate: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}

export const migrationFailed = defineFailure<{
  database: string
  revision: string
  file: string
  line?: number
  column?: number
  frame?: string
  problem: PostgresProblem
  /** What the script had done when it failed: nothing, in the ordinary case. */
  left: string
}>(
  'migration.failed',
  exitCodes.migrationFailed,
  ({ database, revision, file, line, column, problem, left }) => ({
    what: `${revision} failed on ${database}: ${problem.message}`,
    why: [
      `SQLSTATE ${problem.sqlstate} at ${[file, line, column].filter(Boolean).join(':')}.`,
      problem.detail,
      problem.hint,
    ]
      .filter(Boolean)
      .join('\n'),
    fix: `${adviceFor(problem)} ${left}`,
  }),
)

export const downMissing = defineFailure<{ database: string; revision: string; file: string }>(
  'migration.down-missing',
  exitCodes.precondition,
  ({ database, revision, file }) => ({
    what: `${revision} of ${database} can't be undone: it has no down.sql.`,
    why: `Nothing says how to reverse it; ${file} doesn't exist.`,
    fix: 'Write the script that undoes the migration into that file, or restore a backup from before it.',
  }),
)

export const scriptChanged = defineFailure<{
  database: string
  revision: string
  file: string
  statements: number
}>('migration.script-changed', exitCodes.precondition, ({ database, revision, file, statements }) => ({
  what: `${revision} of ${database} is half undone, and ${file} has changed since.`,
  why: `${statements} statements of it are through, and it no longer begins with them.`,
  fix: 'Restore what it began with and run the same command again, or undo the rest by hand and mark it: prisma migrate resolve --rolled-back REVISION.',
}))

export const lockTimedOut = defineFailure<{
  database: string
  revision: string
  seconds: number
  attempts: number
  holders: readonly string[]
}>(
  'migration.lock-timeout',
  exitCodes.migrationFailed,
  ({ database, revision, seconds, attempts, holders }) => ({
    what: `${revision} didn't get its locks on ${database} in ${attempts} attempts over ${seconds} s. Nothing of it is done.`,
    why:
      holders.length > 0
        ? `What it changes is held by ${holders.join('\n')}`
        : 'What it changes is held by another session, which was gone when it was looked for.',
    fix: 'Let that session end (or end it: SELECT pg_terminate_backend(PID)), and run the same command again; `lockTimeout` and `lockRetryTime` in options.json, or --lock-timeout, give it longer.',
  }),
)

export const indexDifferent = defineFailure<{ index: string; found: string; wanted: string }>(
  'index.different',
  exitCodes.migrationFailed,
  ({ index, found, wanted }) => ({
    what: `The index ${index} is there already, and isn't the one of this script.`,
    why: `It is ${found}, where the script wants ${wanted}.`,
    fix: 'Drop it if it is a leftover (DROP INDEX CONCURRENTLY), or give the index of the script another name; then run the same command again.',
  }),
)

export const connectionLost = defineFailure<{ database: string; revision: string }>(
  'migration.connection-lost',
  exitCodes.migrationFailed,
  ({ database, revision }) => ({
    what: `The connection to ${database} broke while ${revision} was being applied.`,
    why: 'The server stopped, the session was ended, or the network failed. The script and its ledger row commit together, so it is either whole or not there.',
    fix: 'Run the same command again; it goes on from what the ledger says.',
  }),
)

export const ledgerBusy = defineFailure<{ database: string; holder: string; seconds: number }>(
  'ledger.locked',
  exitCodes.precondition,
  ({ database, holder, seconds }) => ({
    what: `Another migration has held the lock on ${database} for more than ${seconds} s (${holder}).`,
    why: 'Only one migrator at a time may change a database; Prisma takes the same lock.',
    fix: 'Wait for it, end it, or wait longer with --lock-wait SECONDS.',
  }),
)

const elementType = 'Write the element type out: text[] for a column, ARRAY[]::text[] for an empty value.'

const advice: Record<string, string> = {
  '42P07':
    'It exists already: drop or rename it if it is a leftover, or adopt the database with `pnpm db stamp REVISION --verify` if the schema is already there.',
  '42710':
    'It exists already: drop it if it is a leftover, or adopt the database with `pnpm db stamp REVISION --verify`.',
  '42701': 'The column exists already: take the statement out, or guard it with ADD COLUMN IF NOT EXISTS.',
  '23503':
    'A row names a parent that does not exist: create or migrate the parent rows first, or delete the children first.',
  '23502': 'Existing rows have no value for it: add it as nullable, fill it, then set NOT NULL.',
  '42704':
    'The type or object does not exist: an array needs its element type written out (text[]), and an extension must be created first.',
  '42P18': elementType,
  '55P03': 'Another session holds the table: try again when it is done.',
  '42501': 'The role in the URL lacks the right: run migrations as the owner of the schema.',
}

function adviceFor({ sqlstate, message }: PostgresProblem): string {
  if (sqlstate === '42601' && /"array"/i.test(message)) return elementType
  return advice[sqlstate] ?? 'Correct the script and run the command again.'
}

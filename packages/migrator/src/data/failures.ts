import { defineFailure, exitCodes } from '@manybase/failure'

const { precondition, migrationFailed } = exitCodes

/** `revision` is the directory's name. */
type Where = { readonly database: string; readonly revision: string }

export const dataAmbiguous = defineFailure<Where & { path: string }>(
  'data.ambiguous',
  precondition,
  ({ database, revision, path }) => ({
    what: `${revision} of ${database} has two data migrations: ${path} holds data.sql and data.ts.`,
    why: 'A revision has one, since one position is kept for it.',
    fix: 'Delete one of them, or put it into a revision of its own.',
  }),
)

export const dataInvalid = defineFailure<Where & { file: string; problem: string }>(
  'data.invalid',
  precondition,
  ({ database, revision, file, problem }) => ({
    what: `The data migration of ${revision} on ${database} can't be run: ${problem}.`,
    why: `${file} is not what docs/reference/formats.md asks of it.`,
    fix: 'Correct the file. It belongs to no checksum, so it may be changed after its revision is applied.',
  }),
)

export const dataMissing = defineFailure<Where>('data.missing', precondition, ({ database, revision }) => ({
  what: `${revision} of ${database} has no data migration.`,
  why: 'Beside its migration.sql there is neither data.sql nor data.ts.',
  fix: 'See which revisions have one: pnpm db data status',
}))

export const dataNotApplied = defineFailure<Where>(
  'data.not-applied',
  precondition,
  ({ database, revision }) => ({
    what: `The data migration of ${revision} can't be run: the revision isn't applied to ${database}.`,
    why: 'It works on what its migration.sql makes.',
    fix: 'Apply it first: pnpm db:migrate',
  }),
)

export const dataLocked = defineFailure<Where & { seconds: number; holder: string }>(
  'data.locked',
  precondition,
  ({ database, revision, seconds, holder }) => ({
    what: `Another run is at the data migrations of ${database}, for more than ${seconds} s (${holder}); ${revision} has to wait for it.`,
    why: 'Two runs at once would do the same rows.',
    fix: 'Let it end (`pnpm db data status` shows how far it is), or wait longer with --lock-wait SECONDS.',
  }),
)

export const dataForbidden = defineFailure<Where & { user: string; problem: string }>(
  'data.forbidden',
  precondition,
  ({ database, revision, user, problem }) => ({
    what: `The progress of ${revision} can't be kept on ${database}: ${problem}.`,
    why: `It is a row in the PostgreSQL schema "migrator", and the role ${user} may not make or use it.`,
    fix: `As the database's owner, once: CREATE SCHEMA migrator AUTHORIZATION ${user}`,
  }),
)

export const dataStatisticsHidden = defineFailure<{ database: string; user: string }>(
  'data.statistics-hidden',
  precondition,
  ({ database, user }) => ({
    what: `Lag and load of ${database} can't be seen by the role ${user}.`,
    why: '--max-lag and --max-load read pg_stat_replication and pg_stat_activity, which show other sessions to members of pg_read_all_stats only.',
    fix: `GRANT pg_read_all_stats TO ${user}, or leave the options out and use --pause.`,
  }),
)

export const dataUndone = defineFailure<Where & { rows: number }>(
  'data.revision-undone',
  migrationFailed,
  ({ database, revision, rows }) => ({
    what: `${revision} of ${database} was undone while its data migration was running, after ${rows} rows.`,
    why: 'A downgrade goes ahead of a data migration; between two batches nothing holds it up.',
    fix: 'Nothing, if that was meant. Applied again, the revision begins its data migration anew.',
  }),
)

export const dataEndless = defineFailure<Where & { rows: number; reason: string }>(
  'data.endless',
  migrationFailed,
  ({ database, revision, rows, reason }) => ({
    what: `The data migration of ${revision} on ${database} was stopped: it doesn't come to an end.`,
    why: `After ${rows} rows: ${reason}.`,
    fix: 'See that a row that was handled isn’t found again (WHERE … IS NULL), or use :cursor; then pnpm db data.',
  }),
)

export const dataConnectionLost = defineFailure<Where & { rows: number }>(
  'data.connection-lost',
  migrationFailed,
  ({ database, revision, rows }) => ({
    what: `The connection to ${database} broke during the data migration of ${revision}, after ${rows} rows of this run.`,
    why: 'The server stopped, the session was ended, or the network failed. A batch and its position commit together.',
    fix: 'Run it again: pnpm db data. It goes on after the last batch that was committed.',
  }),
)

export const dataFailed = defineFailure<
  Where & {
    file: string
    line?: number
    column?: number
    frame?: string
    problem: {
      readonly message: string
      readonly sqlstate?: string
      readonly detail?: string
      readonly hint?: string
    }
    rows: number
  }
>('data.failed', migrationFailed, ({ database, revision, file, line, column, problem, rows }) => ({
  what: `The data migration of ${revision} failed on ${database}: ${problem.message}`,
  why: [
    `${problem.sqlstate === undefined ? 'Thrown' : `SQLSTATE ${problem.sqlstate}`} at ${[file, line, column].filter(Boolean).join(':')}.`,
    problem.detail,
    problem.hint,
  ]
    .filter(Boolean)
    .join('\n'),
  fix: `The batch is undone; ${rows === 0 ? 'nothing was done before it in this run' : `the ${rows} rows done in this run before it stay`}. Mend the cause, and run it again: pnpm db data`,
}))

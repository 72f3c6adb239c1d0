import { escapeLiteral } from 'pg'
import { ledgerTable } from '../ledger/sql.ts'

/** The migrator's own PostgreSQL schema in each database: no history's, and so no business of Prisma's. */
const ownSchema = 'migrator'
const progressTable = `${ownSchema}.data_migrations`

/** Next to Prisma's key, and of two parts, so that a backfill of hours keeps no migration waiting. */
const lockClass = 72_707_370
const lockOf = (history: string): string => `${lockClass}, hashtext(${escapeLiteral(history)})`

export const tryDataLock = (history: string): string =>
  `SELECT pg_try_advisory_lock(${lockOf(history)}) AS locked`
export const releaseDataLock = (history: string): string => `SELECT pg_advisory_unlock(${lockOf(history)})`

export const dataLockHolder = (history: string): string => `
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND classid = ${lockClass} AND objsubid = 2
   AND objid = (hashtext(${escapeLiteral(history)})::bigint & 4294967295)::oid
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

/**
 * Made when the first data migration runs. Only what is missing is created, since the right to make schemas is
 * not needed where the schema is there. Another history of the same database may be faster.
 */
export const createProgress = `
DO ${escapeLiteral(`BEGIN
  IF to_regclass('${progressTable}') IS NULL THEN
    IF to_regnamespace('${ownSchema}') IS NULL THEN
      CREATE SCHEMA ${ownSchema};
    END IF;
    CREATE TABLE ${progressTable} (
      history text NOT NULL,
      revision text NOT NULL,
      ledger_id text NOT NULL,
      checksum text NOT NULL,
      cursor text,
      rows bigint NOT NULL DEFAULT 0,
      batches bigint NOT NULL DEFAULT 0,
      total bigint,
      batch_size integer,
      worked_ms bigint NOT NULL DEFAULT 0,
      runner_pid integer,
      started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      finished_at timestamptz,
      error text,
      PRIMARY KEY (history, revision)
    );
  END IF;
EXCEPTION WHEN duplicate_schema OR duplicate_table OR unique_violation THEN NULL;
END`)}`

export const selectProgress = (history: string): string => `
SELECT revision, ledger_id AS "ledgerId", checksum, cursor, rows::float8 AS rows, batches::float8 AS batches,
       total::float8 AS total, batch_size AS "batchSize", worked_ms::float8 AS "workedMs",
       started_at AS "startedAt", updated_at AS "updatedAt", finished_at AS "finishedAt", error,
       finished_at IS NULL AND runner_pid IN (${dataLockHolder(history)}) AS running
  FROM ${progressTable} WHERE history = ${escapeLiteral(history)}`

/** The row of the ledger that a data migration belongs to: the revision as it is applied now. */
export const selectApplied = (history: string, revision: string): string =>
  `SELECT id, logs FROM ${ledgerTable(history)} WHERE migration_name = ${escapeLiteral(revision)} AND finished_at IS NOT NULL AND rolled_back_at IS NULL`

const place = (history: string, revision: string): string =>
  `history = ${escapeLiteral(history)} AND revision = ${escapeLiteral(revision)}`

/** Begins, or goes on: what belongs to another application of the revision, or is to be forgotten, begins anew. */
export const beginProgress = (history: string, { revision, ledgerId, checksum, anew }: Beginning): string => `
DELETE FROM ${progressTable} WHERE ${place(history, revision)} AND ${anew ? 'true' : `ledger_id <> ${escapeLiteral(ledgerId)}`};
INSERT INTO ${progressTable} (history, revision, ledger_id, checksum, runner_pid)
VALUES (${[history, revision, ledgerId, checksum].map(escapeLiteral).join(', ')}, pg_backend_pid())
ON CONFLICT (history, revision) DO UPDATE SET runner_pid = pg_backend_pid(), error = NULL`

export interface Beginning {
  readonly revision: string
  readonly ledgerId: string
  readonly checksum: string
  readonly anew: boolean
}

export const keepTotal = (history: string, revision: string, total: number): string =>
  `UPDATE ${progressTable} SET total = ${Math.round(total)} WHERE ${place(history, revision)}`

/** Says that the run is alive; what it writes makes a standby tell the primary how far it is. */
export const beat = (history: string, revision: string): string =>
  `UPDATE ${progressTable} SET updated_at = clock_timestamp() WHERE ${place(history, revision)}`

/**
 * Locks the progress for a batch, and the ledger's row against a downgrade; no row when the revision has been
 * undone meanwhile.
 */
export const holdProgress = (history: string, revision: string): string => `
SELECT p.cursor FROM ${progressTable} p JOIN ${ledgerTable(history)} l ON l.id = p.ledger_id
 WHERE p.history = ${escapeLiteral(history)} AND p.revision = ${escapeLiteral(revision)}
   AND l.finished_at IS NOT NULL AND l.rolled_back_at IS NULL
   FOR UPDATE OF p FOR SHARE OF l`

export interface Advance {
  readonly rows: number
  readonly cursor: string | null
  readonly size: number
  readonly milliseconds: number
  readonly done: boolean
  /** Of `data.sql` or `data.ts` as it was for this batch. */
  readonly checksum: string
}

/** In the batch's own transaction. */
export const advanceProgress = (history: string, revision: string, advance: Advance): string =>
  `UPDATE ${progressTable} SET rows = rows + ${advance.rows}, batches = batches + 1, ` +
  `cursor = ${advance.cursor === null ? 'cursor' : escapeLiteral(advance.cursor)}, ` +
  `batch_size = ${advance.size}, worked_ms = worked_ms + ${Math.ceil(advance.milliseconds)}, ` +
  `checksum = ${escapeLiteral(advance.checksum)}, updated_at = clock_timestamp()` +
  `${advance.done ? ', finished_at = clock_timestamp(), runner_pid = NULL' : ''} WHERE ${place(history, revision)}`

export const keepError = (history: string, revision: string, error: string): string =>
  `UPDATE ${progressTable} SET error = ${escapeLiteral(error)}, runner_pid = NULL, updated_at = clock_timestamp() WHERE ${place(history, revision)} AND finished_at IS NULL`

/** Stops a script for psql where the data migration of a revision isn't complete. */
export const demandComplete = (
  history: string,
  revision: string,
  { message, hint }: { readonly message: string; readonly hint: string },
): string =>
  `DO ${escapeLiteral(`BEGIN
  IF to_regclass('${progressTable}') IS NOT NULL THEN
    IF EXISTS (SELECT FROM ${progressTable} p JOIN (${selectApplied(history, revision)}) l ON l.id = p.ledger_id
                WHERE p.finished_at IS NOT NULL) THEN
      RETURN;
    END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = ${escapeLiteral(message)}, HINT = ${escapeLiteral(hint)};
END`)}`

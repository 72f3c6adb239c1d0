import { escapeIdentifier, escapeLiteral } from 'pg'

/** Prisma's advisory lock, so that its commands and ours exclude each other. Source: prisma-engines, sql-schema-connector. */
export const lockKey = 72_707_369

/** The ledger's table, quoted. */
export const ledgerTable = (schema: string) => `${escapeIdentifier(schema)}."_prisma_migrations"`

/**
 * The same columns, types and defaults as Prisma's own, or `migrate diff` would see a change. IF NOT EXISTS alone
 * would demand the right to create schemas even where the schema is there.
 */
export const createLedger = (schema: string): string => `
DO ${escapeLiteral(`BEGIN
  IF to_regnamespace(${escapeLiteral(escapeIdentifier(schema))}) IS NULL THEN
    CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)};
  END IF;
END`)};
CREATE TABLE IF NOT EXISTS ${ledgerTable(schema)} (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`

export const selectLedger = (schema: string): string => `
SELECT id, migration_name AS name, checksum, started_at AS "startedAt", finished_at AS "finishedAt",
       rolled_back_at AS "rolledBackAt", logs, applied_steps_count AS "appliedSteps"
  FROM ${ledgerTable(schema)} ORDER BY started_at, migration_name`

/** `logs` are for a row that doesn't end in the transaction that makes it. */
export const startRow = (
  schema: string,
  row: { id: string; name: string; checksum: string; logs?: string },
): string =>
  `INSERT INTO ${ledgerTable(schema)} (id, migration_name, checksum, logs, started_at) VALUES ` +
  `(${[row.id, row.name, row.checksum].map(escapeLiteral).join(', ')}, ${literalOrNull(row.logs)}, clock_timestamp()) ON CONFLICT (id) DO NOTHING`

/** `at` is an SQL expression. */
export const finishRow = (
  schema: string,
  id: string,
  at: string,
  { logs = null, steps = 1 }: { logs?: string | null; steps?: number } = {},
): string =>
  `UPDATE ${ledgerTable(schema)} SET finished_at = ${at}, applied_steps_count = ${steps}, logs = ${literalOrNull(logs)} WHERE id = ${escapeLiteral(id)}`

/** How many statements of an unfinished row's script are through, and which. */
export const advanceRow = (schema: string, id: string, statements: number, logs: string): string =>
  `UPDATE ${ledgerTable(schema)} SET applied_steps_count = ${statements}, logs = ${escapeLiteral(logs)} WHERE id = ${escapeLiteral(id)}`

/** The script whose rest was corrected on the way. */
export const setChecksum = (schema: string, id: string, checksum: string): string =>
  `UPDATE ${ledgerTable(schema)} SET checksum = ${escapeLiteral(checksum)} WHERE id = ${escapeLiteral(id)}`

export const reopenRow = (schema: string, id: string): string =>
  `UPDATE ${ledgerTable(schema)} SET finished_at = NULL, applied_steps_count = 0 WHERE id = ${escapeLiteral(id)}`

export const rollBackRow = (schema: string, id: string, logs: string): string =>
  `UPDATE ${ledgerTable(schema)} SET rolled_back_at = clock_timestamp(), logs = ${escapeLiteral(logs)} WHERE id = ${escapeLiteral(id)}`

/** A finished row for a script that was not run, as `prisma migrate resolve --applied` writes it. */
export const stampRow = (schema: string, row: { id: string; name: string; checksum: string }): string =>
  `INSERT INTO ${ledgerTable(schema)} (id, migration_name, checksum, logs, started_at, finished_at) VALUES ` +
  `(${[row.id, row.name, row.checksum].map(escapeLiteral).join(', ')}, '', clock_timestamp(), clock_timestamp())`

/** The row counts as not there from now on, and still tells what it told. */
export const unstampRow = (schema: string, id: string): string =>
  `UPDATE ${ledgerTable(schema)} SET rolled_back_at = clock_timestamp() WHERE id = ${escapeLiteral(id)}`

/** Forgets everything that was ever applied. */
export const purgeLedger = (schema: string): string => `DELETE FROM ${ledgerTable(schema)}`

export const keepLogs = (schema: string, id: string, logs: string): string =>
  `UPDATE ${ledgerTable(schema)} SET logs = ${escapeLiteral(logs)} WHERE id = ${escapeLiteral(id)} AND finished_at IS NULL`

/** Keeps the first line of what an unfinished row says, and puts another one after it. */
export const addToLogs = (schema: string, id: string, line: string): string =>
  `UPDATE ${ledgerTable(schema)} SET logs = split_part(logs, chr(10), 1) || chr(10) || ${escapeLiteral(line)} WHERE id = ${escapeLiteral(id)} AND finished_at IS NULL`

const literalOrNull = (text: string | null | undefined): string =>
  text === null || text === undefined ? 'NULL' : escapeLiteral(text)

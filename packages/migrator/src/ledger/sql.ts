import { escapeIdentifier, escapeLiteral } from 'pg'

/** Prisma's advisory lock, so that its commands and ours exclude each other. Source: prisma-engines, sql-schema-connector. */
export const lockKey = 72_707_369

const table = (schema: string) => `${escapeIdentifier(schema)}."_prisma_migrations"`

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
CREATE TABLE IF NOT EXISTS ${table(schema)} (
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
  FROM ${table(schema)} ORDER BY started_at, migration_name`

export const startRow = (schema: string, row: { id: string; name: string; checksum: string }): string =>
  `INSERT INTO ${table(schema)} (id, migration_name, checksum, started_at) VALUES ` +
  `(${[row.id, row.name, row.checksum].map(escapeLiteral).join(', ')}, clock_timestamp()) ON CONFLICT (id) DO NOTHING`

/** `at` is an SQL expression. */
export const finishRow = (schema: string, id: string, at: string): string =>
  `UPDATE ${table(schema)} SET finished_at = ${at}, applied_steps_count = 1 WHERE id = ${escapeLiteral(id)}`

export const reopenRow = (schema: string, id: string): string =>
  `UPDATE ${table(schema)} SET finished_at = NULL WHERE id = ${escapeLiteral(id)}`

export const rollBackRow = (schema: string, id: string, logs: string): string =>
  `UPDATE ${table(schema)} SET rolled_back_at = clock_timestamp(), logs = ${escapeLiteral(logs)} WHERE id = ${escapeLiteral(id)}`

export const keepLogs = (schema: string, id: string, logs: string): string =>
  `UPDATE ${table(schema)} SET logs = ${escapeLiteral(logs)} WHERE id = ${escapeLiteral(id)} AND finished_at IS NULL`

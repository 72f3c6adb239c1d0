import pg from 'pg'
import type { Connection } from './connection.ts'

/** Drops everything that scripts can leave in a database's schemas, and makes `schema` and `public` anew. */
export async function emptySchemas(connection: Connection, schema: string): Promise<void> {
  const schemas = await connection.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  )
  await recreate(
    connection,
    schemas.map(({ name }) => name),
    [...new Set(['public', schema])],
  )
}

/** Drops and makes one schema only. */
export async function emptySchema(connection: Connection, schema: string): Promise<void> {
  await recreate(connection, [schema], [schema])
}

async function recreate(
  connection: Connection,
  dropped: readonly string[],
  made: readonly string[],
): Promise<void> {
  const statements = [
    ...dropped.map((name) => `DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`),
    ...made.map((name) => `CREATE SCHEMA ${pg.escapeIdentifier(name)}`),
  ]
  await connection.query(statements.join(';\n'))
}

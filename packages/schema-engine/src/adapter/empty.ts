import pg from 'pg'
import type { Connection } from './connection.ts'

/** Drops all schemas of a database, with everything that scripts can leave in them, and makes two anew. */
export async function emptyDatabase(connection: Connection, schema: string): Promise<void> {
  const existing = await connection.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  )
  const statements = [
    ...existing.map(({ name }) => `DROP SCHEMA ${pg.escapeIdentifier(name)} CASCADE`),
    ...new Set(['public', schema].map((name) => `CREATE SCHEMA ${pg.escapeIdentifier(name)}`)),
  ]
  await connection.query(statements.join(';\n'))
}

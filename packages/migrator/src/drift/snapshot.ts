import { type DatabaseObject, readObject } from './object.ts'
import { objectQueries } from './queries.ts'

/** What a snapshot needs of a `pg` client. It must not be inside a transaction. */
export interface SnapshotClient {
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

const ledgerTable = '_prisma_migrations'

/**
 * All objects of these schemas at one moment, the ledger and what extensions brought aside.
 * @param ledgerSchema where the history's ledger lies
 */
export async function snapshot(
  client: SnapshotClient,
  schemas: readonly string[],
  ledgerSchema: string,
): Promise<readonly DatabaseObject[]> {
  // An empty path makes every definition name its schemas.
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''`)
  try {
    const all = objectQueries.map((query) => `(${query})`).join('\nUNION ALL\n')
    // Every parameter needs a use with a type of its own.
    const sql = `WITH known AS (SELECT $1::text[], $2::name, $3::name) ${all}`
    const { rows } = await client.query(sql, [schemas, ledgerTable, ledgerSchema])
    return rows.map(readObject)
  } finally {
    await client.query('ROLLBACK')
  }
}

/** Schemas in which something lies that no extension brought. */
export async function usedSchemas(client: SnapshotClient): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT n.nspname::text AS name FROM pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (
        n.nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname <> '${ledgerTable}')
        OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = n.oid))`,
  )
  return rows.map(({ name }) => String(name))
}

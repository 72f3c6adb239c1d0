import { atOneMoment, type CatalogClient, textIn } from './client.ts'
import { existenceQueries } from './existence.ts'
import { type DatabaseObject, readObject } from './object.ts'
import { otherObjects, ownQueries, queriedCatalogs } from './object-queries.ts'

const ledgerTable = '_prisma_migrations'

/**
 * All objects of these schemas at one moment, the ledger and what extensions brought aside.
 * @param ledgerSchema where the history's ledger lies
 */
export const databaseObjects = (
  client: CatalogClient,
  schemas: readonly string[],
  ledgerSchema: string,
): Promise<readonly DatabaseObject[]> =>
  atOneMoment(client, async () => {
    const others = otherObjects(await existenceQueries(client, queriedCatalogs))
    const all = [...ownQueries, others].map((query) => `(${query})`).join('\nUNION ALL\n')
    // Every parameter needs a use with a type of its own.
    const sql = `WITH known AS (SELECT $1::text[], $2::name, $3::name) ${all}`
    const { rows } = await client.query(sql, [schemas, ledgerTable, ledgerSchema])
    return rows.map(readObject)
  })

/** Schemas in which something lies that no extension brought. */
export async function usedSchemas(client: CatalogClient): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT n.nspname::text AS name FROM pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (
        n.nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname <> '${ledgerTable}')
        OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = n.oid))`,
  )
  return rows.map((row) => textIn(row, 'name'))
}

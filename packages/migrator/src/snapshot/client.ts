/** What a snapshot needs of a `pg` client. It must not be inside a transaction. */
export interface CatalogClient {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** Reads several catalogs as they are at one moment; every definition names its schemas. */
export async function atOneMoment<T>(client: CatalogClient, read: () => Promise<T>): Promise<T> {
  // An empty path makes every definition name its schemas.
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''`)
  try {
    return await read()
  } finally {
    await client.query('ROLLBACK')
  }
}

/** The text in that field of a row. */
export function textIn(row: unknown, field: string): string {
  const value = typeof row === 'object' && row !== null ? Reflect.get(row, field) : undefined
  if (typeof value !== 'string') throw new TypeError(`The catalogs gave no ${field}`)
  return value
}

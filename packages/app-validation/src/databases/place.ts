import type { Address } from './database.ts'

/** Which PostgreSQL database an address leads to, as far as its settings say; undefined where they don't. */
export function placeOf({ pool }: Pick<Address, 'pool'>): string | undefined {
  const { connectionString, host, port = 5432, database } = pool()
  if (connectionString !== undefined && URL.canParse(connectionString)) {
    const url = new URL(connectionString)
    return `${url.searchParams.get('host') ?? url.hostname}:${url.port || 5432}${url.pathname}`
  }
  return host !== undefined && database !== undefined ? `${host}:${port}/${database}` : undefined
}

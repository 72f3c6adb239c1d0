import { Client } from 'pg'
import { integrityMissing } from './failures.ts'

/** Where a database is: a URL as Prisma takes it. A direct one, since locks and LISTEN belong to a session. */
export type DatabaseUrls = Readonly<Record<string, string>>

/** Prisma's own parameters, which the server doesn't know. */
const prismaParameters = [
  'schema',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
  'socket_timeout',
  'statement_cache_size',
]

export function splitUrl(text: string): { readonly connectionString: string; readonly schema: string } {
  const url = new URL(text)
  const schema = url.searchParams.get('schema') ?? 'public'
  for (const parameter of prismaParameters) url.searchParams.delete(parameter)
  return { connectionString: url.href, schema }
}

/**
 * Policies that hide rows must fail a sweep, not shorten it; a batch must not queue behind a lock for long; and rows
 * are found by an index and changed by their place, whatever the statistics say.
 */
const settings = `SET row_security = off; SET enable_seqscan = off; SET lock_timeout = '2s'; SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0; SET search_path = pg_catalog;
  SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off`

/** Which side of a reference a session is on, and by which table one sees that it is installed. */
const installed = { referenced: 'integrity.delete_log', referencing: 'integrity.tombstone' } as const

export interface SessionRequest {
  /** The database by its name in the catalog, for the failure. */
  readonly database: string
  readonly url: string
  readonly side: keyof typeof installed
  /** What `pg_stat_activity` shows after `manybase`. */
  readonly name: string
  /** Hears when the server or the network ends the session. */
  readonly onLost?: (error: Error) => void
}

/**
 * Opens a session for the sweep.
 * @throws `integrity.missing`, and what the driver throws
 */
export async function openSession({
  database,
  url,
  side,
  name,
  onLost = () => {},
}: SessionRequest): Promise<Client> {
  const client = new Client({
    connectionString: splitUrl(url).connectionString,
    application_name: `manybase ${name}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  client.on('error', onLost)
  client.on('end', () => onLost(new Error('the connection has ended')))
  await client.connect()
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS installed', [installed[side]])
  if (rows[0]?.installed !== true) {
    await client.end()
    throw integrityMissing({ database })
  }
  await client.query(settings)
  return client
}

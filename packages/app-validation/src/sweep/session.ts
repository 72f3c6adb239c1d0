import { refuseSharedSession } from '@manybase/pooler'
import { Client } from 'pg'
import type { Address } from '../databases/database.ts'
import { integrityMissing } from './failures.ts'

/**
 * Policies that hide rows must fail a sweep, not shorten it; a batch must not queue behind a lock for long; and rows
 * are found by an index and changed by their place, whatever the statistics say.
 */
const settings = `SET row_security = off; SET enable_seqscan = off; SET lock_timeout = '2s'; SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0; SET search_path = pg_catalog;
  SET jit = off; SET work_mem = '32MB';
  SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off`

/** Which side of a reference a session is on, and by which table one sees that it is installed. */
const installed = { referenced: 'integrity.delete_log', referencing: 'integrity.tombstone' } as const

export interface SessionRequest {
  readonly database: Address
  readonly side: keyof typeof installed
  /** What `pg_stat_activity` shows after `manybase`. */
  readonly name: string
  /** Hears when the server or the network ends the session. */
  readonly onLost?: (error: Error) => void
}

/**
 * Opens a session for the sweep. It has to be one of the server itself: locks, LISTEN and settings belong to a session,
 * and a pooler that shares sessions would mix them up.
 * @throws `integrity.missing`, `server.pooled`, and what the driver throws
 */
export async function openSession({
  database,
  side,
  name,
  onLost = () => {},
}: SessionRequest): Promise<Client> {
  const open = () =>
    new Client({
      ...database.pool(),
      application_name: `manybase ${name}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // An application's limits are for its own queries.
      query_timeout: 0,
    })
  const client = open()
  client.on('error', onLost)
  client.on('end', () => onLost(new Error('the connection has ended')))
  try {
    await client.connect()
    await refuseSharedSession(client, {
      database: database.name,
      connect: async () => {
        const other = open()
        await other.connect()
        return other
      },
    })
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS installed', [installed[side]])
    if (rows[0]?.installed !== true) throw integrityMissing({ database: database.name })
    await client.query(settings)
    return client
  } catch (error) {
    await endSessions([client])
    throw error
  }
}

/** Ends sessions of which some may have ended already, and tells nobody. */
export async function endSessions(sessions: readonly Client[]): Promise<void> {
  await Promise.all(
    sessions.map((session) =>
      session
        .removeAllListeners('end')
        .end()
        .catch(() => {}),
    ),
  )
}

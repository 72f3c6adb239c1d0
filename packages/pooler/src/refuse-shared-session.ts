import { setTimeout as sleep } from 'node:timers/promises'
import { serverPooled } from './failures.ts'

/** A connection of the driver `pg`. */
export interface Connection {
  query(text: string): Promise<{ readonly rows: readonly { readonly pid?: unknown }[] }>
  end(): Promise<void>
}

export interface Asked<C extends Connection> {
  /** How the catalog calls the database, for the failure. */
  readonly database: string
  /** Opens another connection to the same place. */
  readonly connect: () => Promise<C>
}

/**
 * Refuses a session that a pooler lends to others after each transaction. Costs one query where there is no pooler: the
 * server tells at the start which process serves the session, and a pooler makes a number up. One that keeps the session
 * for its client makes one up as well; so a second connection looks whether it is given the process of the first.
 * @throws `server.pooled`, and what the driver throws
 */
export async function refuseSharedSession<C extends Connection>(
  session: Connection,
  { database, connect }: Asked<C>,
): Promise<void> {
  const pid = await pidOf(session)
  if (announcedBy(session) === pid) return
  const other = await connect()
  try {
    const taken = await inTime(pidInTransaction(other))
    // Who has a session of his own needn't wait for one, whatever others hold.
    if (taken === pid || (await inTime(pidOf(session))) !== pid) throw serverPooled({ database })
  } finally {
    await other.end()
  }
}

/** Milliseconds that a pooler may take which has nothing free. */
const patience = 2_000

/** undefined when it takes too long. */
async function inTime(pid: Promise<unknown>): Promise<unknown> {
  const enough = new AbortController()
  try {
    // Its connection is ended then, and nobody hears how.
    pid.catch(() => {})
    return await Promise.race([pid, sleep(patience, undefined, { signal: enough.signal })])
  } finally {
    enough.abort()
  }
}

async function pidInTransaction(other: Connection): Promise<unknown> {
  await other.query('BEGIN')
  return await pidOf(other)
}

/** What the driver keeps of the server's first message, and doesn't declare. */
const announcedBy = (session: object): unknown => ('processID' in session ? session.processID : undefined)

const pidOf = async (session: Connection): Promise<unknown> =>
  (await session.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid

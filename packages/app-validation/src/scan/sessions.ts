import type { Client } from 'pg'
import { type CopyValue, makeCopier } from './copy-value.ts'

/** Opens a session of one side; whoever is given it ends it. */
export type OpenSession = (side: 'referenced' | 'referencing') => Promise<Client>

/** A session for reading keys. */
export interface KeySession {
  readonly client: Client
  readonly copyValue: CopyValue
}

/** A migration that has a table locked is waited for. */
export const readingSettings = `SET default_transaction_read_only = on; SET lock_timeout = '1min'`

const plans = {
  /** Ranges follow the index, and each id comes once as it comes in order. */
  'by index': 'SET enable_hashagg = off; SET max_parallel_workers_per_gather = 0',
  /** What is sorted whole is read as the planner thinks best. */
  'as planned': `SET enable_seqscan = on; SET work_mem = '64MB'`,
} as const

/**
 * Sessions of their own: the end of what exists may be left unread, and its cursor open.
 * @param width how many read the referencing side at once
 */
export async function* withKeySessions<T>(
  open: OpenSession,
  plan: keyof typeof plans,
  width: number,
  read: (a: KeySession, b: readonly KeySession[]) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const opened: Promise<KeySession>[] = []
  const prepare = (side: 'referenced' | 'referencing') => {
    const session = open(side).then(async (client) => {
      await client.query(`${readingSettings}; ${plans[plan]}`)
      await endWithUs(client)
      return { client, copyValue: makeCopier(client) }
    })
    opened.push(session)
    return session
  }
  try {
    const a = prepare('referenced')
    const b = Array.from({ length: width }, () => prepare('referencing'))
    yield* read(await a, await Promise.all(b))
  } finally {
    await Promise.allSettled(opened.map(async (session) => (await session).client.end()))
  }
}

/** What sorts for minutes shall not go on, and hold up the barrier, when whoever waits for it is gone. */
async function endWithUs(session: Client): Promise<void> {
  await session.query("SET client_connection_check_interval = '5s'").catch(() => {
    // Not every system can tell.
  })
}

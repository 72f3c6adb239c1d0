import type { Client } from 'pg'
import { endSessions, openSession, type SessionRequest } from '../sweep/session.ts'

/** Opens a session; whoever runs the work ends it. */
export type Open = (request: Omit<SessionRequest, 'name'>) => Promise<Client>

/**
 * Runs `work` with sessions as it asks for them, and ends them after it.
 * @param name what `pg_stat_activity` shows after `manybase`
 */
export async function withSessions<T>(name: string, work: (open: Open) => Promise<T>): Promise<T> {
  const opening: Promise<Client>[] = []
  const open: Open = (request) => {
    const session = openSession({ ...request, name })
    opening.push(session)
    return session
  }
  try {
    return await work(open)
  } finally {
    const opened = await Promise.allSettled(opening)
    await endSessions(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  }
}

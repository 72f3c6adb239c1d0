import { setTimeout as sleep } from 'node:timers/promises'
import type { Holder } from '../sweep/barrier.ts'
import type { Sql } from '../sweep/sql.ts'
import type { Patience } from './patience.ts'

/**
 * Runs a statement of one session and looks meanwhile, in another, whom it waits for.
 * @returns what the statement gave, or what it failed of with those who were seen last
 */
export async function watched<T>(
  watcher: Sql,
  pid: number,
  patience: Patience,
  run: () => Promise<T>,
): Promise<{ readonly result: T } | { readonly error: unknown; readonly holders: readonly Holder[] }> {
  const ended = new AbortController()
  const watching = watch(watcher, pid, patience, ended.signal)
  try {
    return { result: await run() }
  } catch (error) {
    ended.abort()
    return { error, holders: await watching }
  } finally {
    ended.abort()
    await watching
  }
}

/** Often enough to see them even if there is little time. */
const looks = 4
const longestPause = 1_000

async function watch(
  watcher: Sql,
  pid: number,
  patience: Patience,
  ended: AbortSignal,
): Promise<readonly Holder[]> {
  const pause = Math.min(longestPause, patience.limit / looks)
  let holders: readonly Holder[] = []
  try {
    for (;;) {
      await sleep(pause, undefined, { signal: ended })
      holders = await blockersOf(watcher, pid)
      if (holders.length > 0) patience.onWait(holders)
    }
  } catch {
    // It has ended; or the watcher's own session has, and then nobody can be named.
    return holders
  }
}

/** A prepared transaction has no process, and shows as 0. */
async function blockersOf(watcher: Sql, pid: number): Promise<readonly Holder[]> {
  const { rows } = await watcher.query<Holder>(
    `SELECT CASE WHEN b.pid = 0 THEN 'prepared' ELSE 'virtual' END AS kind, b.pid::text AS key, nullif(b.pid, 0) AS pid,
            a.usename::text AS user, coalesce(a.application_name, 'whose name is not known') AS application,
            a.xact_start::text AS since
       FROM unnest(pg_blocking_pids($1)) AS b (pid) LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid`,
    [pid],
  )
  return rows
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

/** What a data migration makes way for, between two batches. */
export interface Limits {
  /** Milliseconds that a standby may be behind in replaying. */
  readonly maxLag?: number
  /** How many sessions of the server may be at work, this one aside. */
  readonly maxLoad?: number
  /** Milliseconds of rest after each batch. */
  readonly pause?: number
}

/** How often it is looked whether the server is calm again, in milliseconds. */
const lookEvery = 1000

/**
 * Lag as the primary knows it from its standbys' answers (replay_lag is null where nothing is under way), and load
 * as gh-ost's --max-load takes it for MySQL: sessions that run something just now.
 */
const look = `
SELECT coalesce((SELECT max(extract(epoch FROM replay_lag)) * 1000 FROM pg_stat_replication), 0)::float8 AS lag,
       (SELECT count(*) FROM pg_stat_activity
         WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid())::float8 AS load`

/** Whether this role may see what the limits are about. */
export async function seesStatistics(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ sees: boolean }>(
    `SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS sees`,
  )
  return rows[0]?.sees ?? false
}

export const needsStatistics = ({ maxLag, maxLoad }: Limits): boolean =>
  maxLag !== undefined || maxLoad !== undefined

/**
 * Waits until the server is calm; `onWait` hears why it isn't, at each look. It should write something: of a standby
 * that gets nothing to replay the primary hears every ten seconds only.
 */
export async function makeWay(
  client: Client,
  limits: Limits,
  onWait: (reason: string) => Promise<void>,
): Promise<void> {
  if (limits.pause) await sleep(limits.pause)
  if (!needsStatistics(limits)) return
  for (;;) {
    const { rows } = await client.query<{ lag: number; load: number }>(look)
    const reason = reasonToWait(limits, rows[0] ?? { lag: 0, load: 0 })
    if (reason === undefined) return
    await onWait(reason)
    await sleep(lookEvery)
  }
}

export function reasonToWait(
  { maxLag, maxLoad }: Limits,
  { lag, load }: { readonly lag: number; readonly load: number },
): string | undefined {
  if (maxLag !== undefined && lag > maxLag) return `a standby is ${(lag / 1000).toFixed(1)} s behind`
  if (maxLoad !== undefined && load > maxLoad) return `${load} sessions are at work`
  return undefined
}

import { setTimeout as sleep } from 'node:timers/promises'
import { sweepBlind } from './failures.ts'
import type { Sql } from './sql.ts'

/** A transaction that the barrier waits for. */
export interface Holder {
  /** `virtual` transaction of a session, `prepared` for two-phase commit, or an old `snapshot`. */
  readonly kind: 'virtual' | 'prepared' | 'snapshot'
  /** The virtual transaction, the gid, or the process, unique among its kind. */
  readonly key: string
  readonly pid: number | null
  readonly user: string | null
  readonly application: string | null
  readonly since: string | null
}

export interface BarrierOptions {
  /** Milliseconds between looks. */
  readonly interval?: number
  readonly onWait?: (holders: readonly Holder[]) => void
  readonly signal?: AbortSignal
}

/**
 * Waits until no transaction is left that can see the world before this moment: whatever is committed when it is
 * called is visible to everything that commits after it returns. The caller's own session is left out.
 *
 * Three things carry the past over, and they are waited for in this order:
 * 1. transactions under way, by virtual id: by xid one would miss a REPEATABLE READ writer that hasn't written yet;
 * 2. snapshots that they exported to transactions which began later: every `backend_xmin` from before. Looked at
 *    twice, since one look isn't atomic over all sessions;
 * 3. those of either that were prepared meanwhile. Last, since an importer may prepare while the second is waited for.
 *
 * @throws `sweep.blind` when the role can't see the snapshots of other sessions
 */
export async function barrier(b: Sql, options: BarrierOptions = {}): Promise<void> {
  await mustSee(b)
  const { rows } = await b.query<{ horizon: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS horizon',
  )
  const horizon = rows[0]?.horizon ?? '0'
  await outlast(await virtualTransactions(b), () => virtualTransactions(b), options)
  for (let clear = 0; clear < 2; ) {
    const holders = await oldSnapshots(b, horizon)
    clear = holders.length === 0 ? clear + 1 : 0
    if (holders.length > 0) await wait(holders, options)
  }
  await outlast(await preparedTransactions(b), () => preparedTransactions(b), options)
}

/** Milliseconds that visible rows may wait for what would otherwise take a second pass. */
const patience = 50

/** Whether the barrier is passed as good as at once: those under way are short transactions. */
export async function passesAtOnce(b: Sql, signal?: AbortSignal): Promise<boolean> {
  const enough = AbortSignal.timeout(patience)
  try {
    await barrier(b, { interval: 5, signal: signal ? AbortSignal.any([signal, enough]) : enough })
    return true
  } catch (error) {
    if (signal?.aborted || !enough.aborted) throw error
    return false
  }
}

/** Waits until none of the first holders is among those that are there now. */
async function outlast(
  first: readonly Holder[],
  look: () => Promise<readonly Holder[]>,
  options: BarrierOptions,
): Promise<void> {
  const awaited = new Set(first.map(({ key }) => key))
  for (let left = first; left.length > 0; ) {
    await wait(left, options)
    left = (await look()).filter(({ key }) => awaited.has(key))
  }
}

async function wait(holders: readonly Holder[], { interval = 20, onWait, signal }: BarrierOptions) {
  onWait?.(holders)
  await sleep(interval, undefined, signal && { signal })
}

/** Autovacuum writes no rows, and would hold up every sweep of a busy database. */
const ofThisDatabase = `(a.datname IS NULL OR a.datname = current_database())
    AND a.backend_type IS DISTINCT FROM 'autovacuum worker'`

async function virtualTransactions(b: Sql): Promise<readonly Holder[]> {
  const { rows } = await b.query<Holder>(`
    SELECT 'virtual' AS kind, l.virtualtransaction AS key, l.pid, a.usename::text AS user,
           a.application_name AS application, a.xact_start::text AS since
      FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a USING (pid)
     WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted
       AND l.pid <> pg_backend_pid() AND ${ofThisDatabase}`)
  return rows
}

async function preparedTransactions(b: Sql): Promise<readonly Holder[]> {
  const { rows } = await b.query<Holder>(`
    SELECT 'prepared' AS kind, transaction::text || ' ' || gid AS key, NULL::integer AS pid, owner::text AS user,
           gid AS application, prepared::text AS since
      FROM pg_prepared_xacts WHERE database = current_database()`)
  return rows
}

/** `age` counts from the same xid for both, so the older is the one with the greater age. */
async function oldSnapshots(b: Sql, horizon: string): Promise<readonly Holder[]> {
  const { rows } = await b.query<Holder>(
    `SELECT 'snapshot' AS kind, a.pid::text AS key, a.pid, a.usename::text AS user,
            a.application_name AS application, a.xact_start::text AS since
       FROM pg_stat_activity AS a
      WHERE a.backend_xmin IS NOT NULL AND age(a.backend_xmin) > age($1::text::xid8::xid)
        AND a.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'walsender' AND ${ofThisDatabase}`,
    [horizon],
  )
  return rows
}

async function mustSee(b: Sql): Promise<void> {
  const { rows } = await b.query<{ user: string; sees: boolean }>(
    "SELECT current_user::text AS user, pg_has_role('pg_read_all_stats', 'USAGE') AS sees",
  )
  if (rows[0]?.sees !== true) throw sweepBlind({ user: rows[0]?.user ?? 'the role' })
}

import type { Client } from 'pg'
import type { Slots } from '../fleet/slots.ts'
import { connect } from '../server/session.ts'

/** A session that another one waits for. */
export interface Blocker {
  readonly pid: number
  readonly application: string
  readonly user: string
  readonly state: string
  /** How long its transaction has been open. */
  readonly seconds: number
  /** The beginning of what it runs or ran last, without its constants. */
  readonly query: string
}

/** While a script runs, who keeps it waiting. */
export interface BlockerWatch {
  /** Those that were last seen. */
  readonly blockers: readonly Blocker[]
  stop(): Promise<void>
}

const unbounded: Pick<Slots, 'take'> = { take: () => () => {} }

/** Sooner, nobody would want to know; and most scripts are done by then, and cost no second connection. */
const [firstLook, nextLooks] = [500, 200]

/** Asking who blocks takes locks inside the server, so it is asked only of a session that waits. */
const selectBlockers = `
SELECT a.pid, coalesce(a.application_name, '') AS application, coalesce(a.usename::text, '') AS "user",
       coalesce(a.state, '') AS state, coalesce(a.query, '') AS query,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds
  FROM pg_stat_activity w
       CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking (pid)
       JOIN pg_stat_activity a ON a.pid = blocking.pid
 WHERE w.pid = $1 AND w.wait_event_type = 'Lock'
 ORDER BY a.xact_start`

/**
 * Watches a session from a connection of its own, opened when the work takes long. `onBlocked` hears of each
 * other set of blockers once. Where no second connection is to be had, nobody is seen.
 * @param spare says whether one more may be opened
 */
export function watchBlockers(
  connectionString: string,
  pid: number,
  onBlocked?: (blockers: readonly Blocker[]) => void,
  spare: Pick<Slots, 'take'> = unbounded,
): BlockerWatch {
  const stopped = Promise.withResolvers<void>()
  let blockers: readonly Blocker[] = []
  let told = ''
  const hear = (seen: readonly Blocker[]) => {
    if (seen.length === 0) return
    blockers = seen
    const pids = seen.map((each) => each.pid).join()
    if (pids !== told) onBlocked?.(seen)
    told = pids
  }
  const watching = look(connectionString, pid, stopped.promise, hear, spare).catch(() => {})
  return {
    get blockers() {
      return blockers
    },
    stop: async () => {
      stopped.resolve()
      await watching
    },
  }
}

async function look(
  connectionString: string,
  pid: number,
  stopped: Promise<void>,
  hear: (seen: readonly Blocker[]) => void,
  spare: Pick<Slots, 'take'>,
): Promise<void> {
  if (await ended(stopped, firstLook)) return
  const giveBack = spare.take()
  if (!giveBack) return
  try {
    await lookOn(await connect(connectionString), pid, stopped, hear)
  } finally {
    giveBack()
  }
}

async function lookOn(
  client: Client,
  pid: number,
  stopped: Promise<void>,
  hear: (seen: readonly Blocker[]) => void,
): Promise<void> {
  try {
    do {
      const { rows } = await client.query<Blocker>(selectBlockers, [pid])
      if (rows.length > 0) {
        const { maskStatement } = await import('../sql-script/mask.ts')
        hear(await Promise.all(rows.map(async (row) => ({ ...row, query: await maskStatement(row.query) }))))
      }
    } while (!(await ended(stopped, nextLooks)))
  } finally {
    await client.end()
  }
}

/** Whether it ended within that time. */
async function ended(stopped: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise: time, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, milliseconds, false)
  try {
    return await Promise.race([stopped.then(() => true), time])
  } finally {
    clearTimeout(timer)
  }
}

export const describeBlocker = ({ pid, application, user, state, seconds, query }: Blocker): string =>
  `process ${pid} (${[application || 'no application name', user].filter(Boolean).join(', ')}) ${state}` +
  ` for ${Math.round(seconds)} s: ${query}`

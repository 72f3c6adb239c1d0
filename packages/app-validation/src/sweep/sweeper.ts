import { errorCode } from '@manybase/failure'
import { type Connected, connectDatabases, type Databases } from '../databases/connect.ts'
import type { Holder } from './barrier.ts'
import { type Bell, makeBell } from './bell.ts'
import type { SweepEvent } from './event.ts'
import { sweepPaused, sweepStuck } from './failures.ts'
import type { Link } from './link.ts'
import { followDeletions } from './round.ts'
import { endSessions, openSession } from './session.ts'
import { closePending } from './stages.ts'

export interface SweeperOptions {
  /** Milliseconds between looks, for what no notification tells; 5 seconds by default. */
  readonly pollInterval?: number
  /** Rows that one transaction changes at most; 250,000 by default. */
  readonly batchSize?: number
  readonly onEvent?: (event: SweepEvent) => void
  /** Stops it, as `stop` does. */
  readonly signal?: AbortSignal
}

export interface Sweeper {
  /** May be called again. Resolves once everything under way is finished and the connections are closed. */
  stop(): Promise<void>
}

const [shortestPause, longestPause] = [500, 30_000]
/** Failures that call for people, and for patience. */
const calm = new Set([sweepStuck.code, sweepPaused.code])

/**
 * Starts a worker that follows the deletions of every referenced database, woken by notifications and by polling.
 * Failures and restarts of a server don't end it: it connects again, with growing pauses. Several may run.
 *
 * @param databases all that the references connect, under names of your choice: clients, or descriptions. Their settings
 *   have to lead to the servers themselves, not to a pooler that shares sessions.
 * @throws `references.database-missing`
 * @example
 * const sweeper = startSweeper({ auth: createAuthClient(), specs: createSpecsClient() })
 * process.once('SIGTERM', () => sweeper.stop())
 */
export function startSweeper(databases: Databases, options: SweeperOptions = {}): Sweeper {
  const connected = connectDatabases(databases)
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopping.signal, ...(options.signal ? [options.signal] : [])])
  const running = Promise.all(connected.links.map((link) => keepRunning(link, connected, options, signal)))
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

async function keepRunning(
  link: Link,
  connected: Connected,
  options: SweeperOptions,
  stop: AbortSignal,
): Promise<void> {
  let pause = shortestPause
  while (!stop.aborted) {
    try {
      await runUntilLost(link, connected, options, stop, () => {
        pause = shortestPause
      })
    } catch (error) {
      if (stop.aborted) return
      options.onEvent?.({ kind: 'failed', link, error, retryIn: pause })
      await makeBell().wait(pause * (0.5 + Math.random() / 2), stop)
      pause = Math.min(longestPause, pause * 2)
    }
  }
}

/** Two loops with sessions of their own: while one waits at the barrier, the other goes on clearing what is visible. */
async function runUntilLost(
  link: Link,
  connected: Connected,
  options: SweeperOptions,
  stop: AbortSignal,
  onSuccess: () => void,
): Promise<void> {
  const lost = new AbortController()
  const signal = AbortSignal.any([stop, lost.signal])
  const sessions = await openSessions(link, connected, (error) => lost.abort(error))
  try {
    const tell = options.onEvent ?? (() => {})
    tell({ kind: 'connected', link })
    const [deleted, cleared] = [makeBell(), makeBell()]
    sessions.bell.on('notification', deleted.ring)
    await sessions.bell.query('LISTEN integrity')
    const stages = {
      signal,
      ...(options.batchSize !== undefined && { batchSize: options.batchSize }),
      onReplay: () => tell({ kind: 'replayed', link }),
      onWait: (holders: readonly Holder[]) => tell({ kind: 'waiting', link, holders }),
      onTaken: (tombstones: number) => tell({ kind: 'taken', link, tombstones }),
      onCleared: (rows: number) => tell({ kind: 'cleared', link, rows }),
      onClosed: (ids: number) => tell({ kind: 'closed', link, ids }),
    }
    const follow = async () => {
      const { log, clear, help } = sessions
      await followDeletions({ a: log, b: clear, helpers: [help] }, link, stages)
      cleared.ring()
    }
    const close = async () => {
      await closePending(sessions.close, link, stages)
    }
    const interval = options.pollInterval ?? 5_000
    const loop = async (bell: Bell, work: () => Promise<void>) => {
      while (!signal.aborted) {
        await work().then(onSuccess, (error) => {
          // The connection is sound, and the rest of the work has been done.
          if (!calm.has(errorCode(error) ?? '')) throw error
          tell({ kind: 'failed', link, error, retryIn: interval })
        })
        await bell.wait(interval, signal)
      }
    }
    await allOrNone(lost, [loop(deleted, follow), loop(cleared, close)])
    lost.signal.throwIfAborted()
  } finally {
    await endSessions(Object.values(sessions))
  }
}

async function openSessions(link: Link, { addressOf }: Connected, onLost: (error: Error) => void) {
  const open = (side: 'referenced' | 'referencing', name: string) => {
    const database = addressOf(side === 'referenced' ? link.source : link.referencing)
    return openSession({ database, side, name: `sweeper: ${name}`, onLost })
  }
  const opening = [
    open('referenced', 'log'),
    open('referenced', 'bell'),
    open('referencing', 'clear'),
    open('referencing', 'help'),
    open('referencing', 'close'),
  ] as const
  try {
    const [log, bell, clear, help, close] = await Promise.all(opening)
    return { log, bell, clear, help, close }
  } catch (error) {
    const settled = await Promise.allSettled(opening)
    await endSessions(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
    throw error
  }
}

/** Ends all loops when one fails, and rejects with what was first. */
async function allOrNone(lost: AbortController, loops: readonly Promise<void>[]): Promise<void> {
  for (const loop of loops) loop.catch((error) => lost.abort(error))
  await Promise.allSettled(loops)
}

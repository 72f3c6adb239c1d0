import { errorCode } from '@manybase/failure'
import { type ApplyOptions, applyAction, type Deleted, retryable } from './apply.ts'
import { barrier, type Holder, passesAtOnce } from './barrier.ts'
import { type Closed, closeSweep } from './close.ts'
import { sweepStuck } from './failures.ts'
import { inLanes } from './lanes.ts'
import { isSwept, type Link } from './link.ts'
import { learnPace, paceOf } from './pace.ts'
import { markCleared, mustRun, pieces, readPending } from './pending.ts'
import type { Sql } from './sql.ts'

export interface StageOptions extends Partial<ApplyOptions> {
  /** Milliseconds between two looks of the barrier. */
  readonly interval?: number
  readonly onWait?: (holders: readonly Holder[]) => void
  /** So many ids have a receipt now. */
  readonly onClosed?: (ids: number) => void
}

/** Ids that are cleared between two marks, and those that share one barrier. */
const [idsPerMark, idsPerBarrier] = [1_000, 20_000]
const defaultBatchSize = 50_000
/** The first pass leaves to the second what can't be had at once. */
const [attemptsAtFirst, attemptsAtLast] = [3, 6]

/**
 * Where nobody is left who can see the time before the tombstones, the first pass is the last: takes the actions and
 * writes the receipts. What can't be had at once is left to `closePending`, and all of it while somebody is left.
 * @param lanes sessions that share the work
 */
export async function closeAtOnce(
  lanes: readonly [Sql, ...Sql[]],
  link: Link,
  options: StageOptions = {},
): Promise<Closed> {
  const [b] = lanes
  let [ids, rows] = [0, 0]
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'uncleared', idsPerBarrier)
    if (groups.length === 0 || !(await passesAtOnce(b, options.signal))) return { ids, rows }
    await inLanes(
      lanes,
      pieces(groups, () => paceOf(link)),
      async (lane, deleted) => {
        const closed = await closePiece(lane, link, deleted, { ...options, attempts: attemptsAtFirst }).catch(
          leaveToSecondPass,
        )
        if (closed === undefined) return await markCleared(lane, deleted)
        ids += closed.ids
        rows += closed.rows
      },
    )
    if (isLast(groups)) return { ids, rows }
  }
}

/**
 * First pass: takes the referential actions at once, so that what is visible goes quickly.
 * @returns the rows changed
 */
export async function clearPending(b: Sql, link: Link, options: StageOptions = {}): Promise<number> {
  let rows = 0
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'uncleared', idsPerMark)
    if (groups.length === 0) return rows
    for (const deleted of groups) {
      const attempt = applyAll(b, link, deleted, { ...options, attempts: attemptsAtFirst })
      rows += (await attempt.catch(leaveToSecondPass)) ?? 0
      await markCleared(b, deleted)
    }
  }
}

/**
 * Second pass, behind the barrier: whatever was written by those who could not see the tombstones is committed by
 * then and goes now, and nobody can write more. Counts zero and writes the receipts.
 * @returns how many ids were closed
 */
export async function closePending(b: Sql, link: Link, options: StageOptions = {}): Promise<Closed> {
  let [ids, rows] = [0, 0]
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'unswept', idsPerBarrier)
    if (groups.length === 0) return { ids, rows }
    await barrier(b, options)
    const before = ids
    let stuck: unknown
    await inLanes(
      [b],
      pieces(groups, () => paceOf(link)),
      async (lane, deleted) => {
        const closing = closePiece(lane, link, deleted, { ...options, attempts: attemptsAtLast })
        const closed = await closing.catch((error) => {
          if (errorCode(error) !== sweepStuck.code) throw error
          stuck = error
          return { ids: 0, rows: 0 }
        })
        ids += closed.ids
        rows += closed.rows
      },
    )
    if (stuck !== undefined && ids === before) throw stuck
    if (stuck === undefined && isLast(groups)) return { ids, rows }
  }
}

/** Who comes meanwhile rings again. */
const isLast = (groups: readonly Deleted[]): boolean =>
  groups.reduce((sum, { ids }) => sum + ids.length, 0) < idsPerBarrier

interface PieceOptions extends StageOptions {
  readonly attempts: number
}

/** Closes a piece of work in one transaction; where that is too much, after what batches can do of it. */
async function closePiece(b: Sql, link: Link, deleted: Deleted, options: PieceOptions): Promise<Closed> {
  const { batchSize = defaultBatchSize, attempts, onBatch, onClosed, signal } = options
  await mustRun(b, link.source)
  let cleared = 0
  let trouble: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    signal?.throwIfAborted()
    const closing = closeSweep(b, link, deleted, { batchSize, ...(onBatch && { onBatch }) })
    const closed = await closing.catch((error) => {
      if (!retryable.includes(errorCode(error) ?? '')) throw error
      trouble = error
    })
    if (closed !== undefined) {
      const rows = cleared + closed.rows
      if (closed.ids > 0) {
        learnPace(link, closed.ids, rows, batchSize)
        onClosed?.(closed.ids)
      }
      return { ids: closed.ids, rows }
    }
    cleared += await applyAll(b, link, deleted, options)
  }
  const reason = trouble === undefined ? 'more come again and again' : 'other sessions keep them locked'
  throw sweepStuck({ reference: deleted.target, rows: batchSize, reason }, trouble)
}

function leaveToSecondPass(error: unknown): undefined {
  if (errorCode(error) !== sweepStuck.code) throw error
}

async function applyAll(b: Sql, link: Link, deleted: Deleted, options: PieceOptions): Promise<number> {
  let rows = 0
  for (const column of link.columns.filter((known) => known.target === deleted.target && isSwept(known))) {
    rows += await applyAction(b, column, deleted, {
      ...options,
      batchSize: options.batchSize ?? defaultBatchSize,
    })
  }
  return rows
}

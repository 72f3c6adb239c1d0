import { errorCode } from '@manybase/failure'
import { type ApplyOptions, applyAction, type Deleted, retryable } from './apply.ts'
import { barrier, type Holder, passesAtOnce } from './barrier.ts'
import { type Closed, closeSweep } from './close.ts'
import { sweepStuck } from './failures.ts'
import { inLanes } from './lanes.ts'
import { isSwept, type Link } from './link.ts'
import { learnPace, limitOf, slowDown } from './pace.ts'
import { markCleared, mustRun, readPending } from './pending.ts'
import type { Sql } from './sql.ts'
import { halve, makeWork, type Work } from './work.ts'

export interface StageOptions extends Partial<ApplyOptions> {
  /** Milliseconds between two looks of the barrier. */
  readonly interval?: number
  readonly onWait?: (holders: readonly Holder[]) => void
  /** What this database had taken over before is taken over again: it was restored, or a sweeper died. */
  readonly onReplay?: () => void
  /** So many deletes were taken over: from here on no row can name them. */
  readonly onTaken?: (tombstones: number) => void
  /** So many rows were deleted or set null. */
  readonly onCleared?: (rows: number) => void
  /** So many ids have a receipt now. */
  readonly onClosed?: (ids: number) => void
}

/** Ids that are cleared between two marks, those that are closed together, and those that share one barrier. */
const [idsPerMark, idsPerPiece, idsPerBarrier] = [1_000, 5_000, 20_000]
/** Rows of a transaction behind the barrier, and of a batch before it. */
const [rowsAtMost, rowsPerBatch] = [250_000, 20_000]
/** The first pass leaves to the second what can't be had at once. */
const [attemptsAtFirst, attemptsAtLast] = [3, 6]

/** What was done: ids that have a receipt now, and rows that were changed. */
type Progress = Pick<Closed, 'ids' | 'rows'>

/**
 * Where nobody is left who can see the time before the tombstones, the first pass is the last: takes the actions and
 * writes the receipts. What can't be had at once is left to `closePending`, and all of it while somebody is left.
 * @param lanes sessions that share the work
 */
export async function closeAtOnce(
  lanes: readonly [Sql, ...Sql[]],
  link: Link,
  options: StageOptions = {},
): Promise<Progress> {
  const [b] = lanes
  let [ids, rows] = [0, 0]
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'uncleared', idsPerBarrier)
    if (groups.length === 0 || !(await passesAtOnce(b, options.signal))) return { ids, rows }
    const work = makeWork(groups)
    const next = () => work.take(idsPerPiece)
    await inLanes(lanes, next, async (lane, deleted) => {
      const closing = closePiece(lane, link, deleted, work, { ...options, attempts: attemptsAtFirst })
      const closed = await closing.catch(leaveToSecondPass)
      if (closed === undefined) return await markCleared(lane, deleted)
      ids += closed.ids
      rows += closed.rows
    })
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
 */
export async function closePending(b: Sql, link: Link, options: StageOptions = {}): Promise<Progress> {
  let [ids, rows] = [0, 0]
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'unswept', idsPerBarrier)
    if (groups.length === 0) return { ids, rows }
    await barrier(b, options)
    const before = ids
    let stuck: unknown
    const work = makeWork(groups)
    for (let deleted = work.take(idsPerPiece); deleted !== undefined; deleted = work.take(idsPerPiece)) {
      const halves = halve(deleted)
      const attempts = halves.length > 0 ? attemptsAtFirst : attemptsAtLast
      try {
        const closed = await closePiece(b, link, deleted, work, { ...options, attempts })
        ids += closed.ids
        rows += closed.rows
      } catch (error) {
        if (errorCode(error) !== sweepStuck.code) throw error
        // A row that stays shall hold up nobody but those whom it names.
        work.giveBack(...halves)
        if (halves.length === 0) stuck = error
      }
    }
    if (stuck !== undefined && ids === before) throw stuck
    if (stuck === undefined && isLast(groups)) return { ids, rows }
  }
}

/** Who comes meanwhile rings again. */
const isLast = (groups: readonly Deleted[]): boolean =>
  groups.reduce((sum, { ids }) => sum + ids.length, 0) < idsPerBarrier

/** By the time limit of an action, or by somebody who did not like it. */
const queryCanceled = '57014'

interface PieceOptions extends StageOptions {
  readonly attempts: number
}

/** Closes a piece of work in one transaction; where that is too much, after what batches can do of it. */
async function closePiece(
  b: Sql,
  link: Link,
  deleted: Deleted,
  work: Work,
  options: PieceOptions,
): Promise<Progress> {
  const { batchSize = rowsAtMost, attempts, onBatch, onCleared, onClosed, signal } = options
  await mustRun(b, link.source)
  let cleared = 0
  let trouble: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    signal?.throwIfAborted()
    const begin = performance.now()
    const closing = closeSweep(b, link, deleted, {
      limit: limitOf(link, batchSize),
      ...(onBatch && { onBatch }),
    })
    const closed = await closing.catch((error) => {
      const code = errorCode(error) ?? ''
      if (code === queryCanceled) slowDown(link, batchSize)
      else if (!retryable.includes(code)) throw error
      trouble = error
    })
    if (closed !== undefined) {
      work.giveBack(...closed.rest)
      learnPace(link, closed.rows, performance.now() - begin)
      if (closed.rows > 0) onCleared?.(closed.rows)
      if (closed.ids > 0) onClosed?.(closed.ids)
      return { ids: closed.ids, rows: cleared + closed.rows }
    }
    cleared += await applyAll(b, link, deleted, options)
  }
  const reason =
    trouble === undefined ? 'more come again and again' : 'other sessions keep them locked, or cancel it'
  throw sweepStuck({ reference: deleted.target, rows: batchSize, reason }, trouble)
}

function leaveToSecondPass(error: unknown): undefined {
  if (errorCode(error) !== sweepStuck.code) throw error
}

async function applyAll(b: Sql, link: Link, deleted: Deleted, options: PieceOptions): Promise<number> {
  const batchSize = Math.min(options.batchSize ?? rowsAtMost, rowsPerBatch)
  let rows = 0
  for (const column of link.columns.filter((known) => known.target === deleted.target && isSwept(known))) {
    rows += await applyAction(b, column, deleted, { ...options, batchSize })
  }
  if (rows > 0) options.onCleared?.(rows)
  return rows
}

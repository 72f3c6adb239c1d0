import { errorCode } from '@manybase/failure'
import { type ApplyOptions, applyAction, type Deleted } from './apply.ts'
import { barrier, type Holder } from './barrier.ts'
import { closeSweep } from './close.ts'
import { sweepStuck } from './failures.ts'
import { isSwept, type Link } from './link.ts'
import { chunks, markCleared, mustRun, readPending } from './pending.ts'
import type { Sql } from './sql.ts'

export interface StageOptions extends Partial<ApplyOptions> {
  readonly onWait?: (holders: readonly Holder[]) => void
  /** So many ids have a receipt now. */
  readonly onClosed?: (ids: number) => void
}

/** Ids that are worked on in one statement, and those that share one barrier. */
const [idsPerStatement, idsPerBarrier] = [1_000, 20_000]
const defaultBatchSize = 5_000
/** The first pass leaves to the second what can't be had at once. */
const [attemptsAtFirst, attemptsAtLast] = [3, 6]

/**
 * First pass: takes the referential actions at once, so that what is visible goes quickly.
 * @returns the rows changed
 */
export async function clearPending(b: Sql, link: Link, options: StageOptions = {}): Promise<number> {
  let rows = 0
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'uncleared', idsPerStatement)
    if (groups.length === 0) return rows
    for (const deleted of groups) {
      rows += await applyAll(b, link, deleted, { ...options, attempts: attemptsAtFirst }).catch(
        leaveToSecondPass,
      )
      await markCleared(b, deleted)
    }
  }
}

/**
 * Second pass, behind the barrier: whatever was written by those who could not see the tombstones is committed by
 * then and goes now, and nobody can write more. Counts zero and writes the receipts.
 * @returns how many ids were closed
 */
export async function closePending(b: Sql, link: Link, options: StageOptions = {}): Promise<number> {
  let closed = 0
  for (;;) {
    await mustRun(b, link.source)
    const groups = await readPending(b, link.source, 'unswept', idsPerBarrier)
    if (groups.length === 0) return closed
    await barrier(b, options)
    const before = closed
    let stuck: unknown
    for (const deleted of groups.flatMap((group) => [...chunks(group, idsPerStatement)])) {
      const now = await closeChunk(b, link, deleted, options).catch((error) => {
        if (errorCode(error) !== sweepStuck.code) throw error
        stuck = error
        return 0
      })
      if (now > 0) options.onClosed?.(now)
      closed += now
    }
    if (stuck !== undefined && closed === before) throw stuck
  }
}

async function closeChunk(b: Sql, link: Link, deleted: Deleted, options: StageOptions): Promise<number> {
  await applyAll(b, link, deleted, { ...options, attempts: attemptsAtLast })
  return await closeSweep(b, link, deleted)
}

function leaveToSecondPass(error: unknown): number {
  if (errorCode(error) !== sweepStuck.code) throw error
  return 0
}

async function applyAll(
  b: Sql,
  link: Link,
  deleted: Deleted,
  options: StageOptions & { readonly attempts: number },
): Promise<number> {
  let rows = 0
  for (const column of link.columns.filter((known) => known.target === deleted.target && isSwept(known))) {
    rows += await applyAction(b, column, deleted, {
      ...options,
      batchSize: options.batchSize ?? defaultBatchSize,
    })
  }
  return rows
}

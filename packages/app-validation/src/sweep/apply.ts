import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import { batchStatement } from './batch.ts'
import { sweepStuck } from './failures.ts'
import type { ReferencingColumn } from './link.ts'
import type { Sql } from './sql.ts'

/** Deleted rows of one target, which are worked on together. */
export interface Deleted {
  readonly source: string
  readonly target: string
  readonly ids: readonly string[]
}

export interface ApplyOptions {
  /** Rows that one statement changes at most. */
  readonly batchSize: number
  /** How often a batch is tried that changes nothing, or doesn't get its locks. */
  readonly attempts: number
  readonly onBatch?: (column: ReferencingColumn, rows: number) => void
  readonly signal?: AbortSignal
}

/** Each statement looks its ids up, those that are done included. */
const idsPerStatement = 500

/** lock_not_available, deadlock_detected, serialization_failure: nothing is wrong but the moment. */
export const retryable: readonly string[] = ['55P03', '40P01', '40001']
const [shortestPause, longestPause] = [50, 5_000]

/**
 * Takes one column's referential action on every row that names one of the deleted ids, in batches.
 * @returns the rows changed
 * @throws `sweep.stuck` when rows that should go stay, or stay locked
 */
export async function applyAction(
  b: Sql,
  column: ReferencingColumn,
  deleted: Deleted,
  options: ApplyOptions,
): Promise<number> {
  let changed = 0
  for (let done = 0; done < deleted.ids.length; done += idsPerStatement) {
    const ids = deleted.ids.slice(done, done + idsPerStatement)
    changed += await applyToFew(b, column, { ...deleted, ids }, options)
  }
  return changed
}

async function applyToFew(
  b: Sql,
  column: ReferencingColumn,
  deleted: Deleted,
  options: ApplyOptions,
): Promise<number> {
  const text = batchStatement(column)
  let changed = 0
  for (let futile = 0; ; ) {
    options.signal?.throwIfAborted()
    const { found, rows } = await runBatch(b, text, deleted, column, options)
    changed += rows
    if (rows > 0) options.onBatch?.(column, rows)
    if (found < options.batchSize && rows === found) return changed
    // Found and not changed: revived or changed by others meanwhile, or kept by a trigger. Only the last goes on.
    futile = rows === 0 ? futile + 1 : 0
    if (futile === options.attempts) {
      throw sweepStuck({ reference: column.name, rows: found, reason: 'a trigger or a rule keeps them' })
    }
    if (futile > 0) await sleep(pauseAfter(futile), undefined, options.signal && { signal: options.signal })
  }
}

async function runBatch(
  b: Sql,
  text: string,
  deleted: Deleted,
  column: ReferencingColumn,
  { batchSize: size, attempts, signal }: ApplyOptions,
) {
  for (let attempt = 1; ; attempt++) {
    try {
      const values = [deleted.source, deleted.target, deleted.ids, size]
      const { rows } = await b.query<{ found: number; rows: number }>(text, values)
      return rows[0] ?? { found: 0, rows: 0 }
    } catch (error) {
      if (!retryable.includes(errorCode(error) ?? '')) throw error
      if (attempt === attempts) {
        throw sweepStuck(
          { reference: column.name, rows: size, reason: 'other sessions keep them locked' },
          error,
        )
      }
      await sleep(pauseAfter(attempt), undefined, signal && { signal })
    }
  }
}

const pauseAfter = (attempt: number): number =>
  Math.min(longestPause, shortestPause * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2)

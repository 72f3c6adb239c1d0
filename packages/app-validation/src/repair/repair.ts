import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'
import { explainRefusal } from '../scan/failures.ts'
import { type KeySpace, keySpaces } from '../scan/read-keys.ts'
import { kindOf } from '../scan/scan.ts'
import type { OpenSession } from '../scan/sessions.ts'
import { type Stray, settle } from '../scan/settle.ts'
import { findStrays, type ScanOptions } from '../scan/strays.ts'
import type { Link, ReferencingColumn } from '../sweep/link.ts'
import { inTransaction, type Sql } from '../sweep/sql.ts'
import { type RepairAction, repairActionOf } from './action.ts'
import { repairBlocked, repairContended } from './failures.ts'
import { takeOut } from './take-out.ts'

export interface RepairOptions extends ScanOptions {
  /** Names the repair: what `undoRepair` is given. A UUID. */
  readonly run: string
  /** Instead of what fits each reference. */
  readonly action?: RepairAction
  /** Rows that one transaction deletes or sets null at most. */
  readonly rowsPerBatch?: number
  /** Hears how many rows are deleted or set null by now. */
  readonly onRepaired?: (rows: number) => void
}

/** What a repair did about one referencing column. */
export interface ColumnRepair {
  readonly column: string
  readonly action: RepairAction
  /** Rows deleted or set null. */
  readonly rows: number
  /** Rows in the quarantine, those that went with them inside the database included. */
  readonly kept: number
}

/** So few that writers of the referenced table hardly notice. */
const [idsPerBatch, defaultRowsPerBatch] = [100, 10_000]
const attempts = 10
/** lock_not_available, deadlock_detected, serialization_failure */
const retryable = ['55P03', '40P01', '40001']

/**
 * Takes out the orphans of a link. Every id is looked at once more while nobody can write the referenced table, so
 * none comes alive before its rows are gone: no row of a living one is touched.
 * @throws `repair.blocked`, `repair.contended`, and what a scan throws
 */
export async function repair(
  open: OpenSession,
  link: Link,
  options: RepairOptions,
): Promise<readonly ColumnRepair[]> {
  const done = new Map<string, ColumnRepair>()
  const [a, b] = await Promise.all([open('referenced'), open('referencing')])
  let rows = 0
  for await (const strays of findStrays(open, link, options)) {
    for (let start = 0; start < strays.length; start += idsPerBatch) {
      for await (const taken of repairIds(
        { a, b },
        link,
        strays.slice(start, start + idsPerBatch),
        options,
      )) {
        for (const each of taken) {
          const before = done.get(each.column) ?? { rows: 0, kept: 0 }
          done.set(each.column, { ...each, rows: before.rows + each.rows, kept: before.kept + each.kept })
          rows += each.rows
        }
        options.onRepaired?.(rows)
        options.signal?.throwIfAborted()
      }
    }
  }
  return [...done.values()]
}

interface Sides {
  readonly a: Sql
  readonly b: Sql
}

/** Batch by batch, since a single id may be named by more rows than one transaction should take. */
async function* repairIds(
  sides: Sides,
  link: Link,
  strays: readonly Stray[],
  options: RepairOptions,
): AsyncGenerator<readonly ColumnRepair[]> {
  const target = strays[0]?.target
  const space = keySpaces(link.columns).find((each) => each.target === target)
  if (!space) return
  const ids = strays.map(({ id }) => id)
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const { done, found, isAll } = await repairBatch(sides, link, space, ids, options)
    yield done
    if (isAll) return
    if (found >= before) {
      const reason =
        'As many rows came as were taken out: a trigger puts them back, or somebody goes on writing them.'
      throw repairBlocked({ reference: done[0]?.column ?? space.target, reason })
    }
    before = found
  }
}

/** What one transaction came to. */
interface Batch {
  readonly done: readonly ColumnRepair[]
  /** Rows that there were before it. */
  readonly found: number
  /** Whether none is left. */
  readonly isAll: boolean
}

async function repairBatch(
  sides: Sides,
  link: Link,
  space: KeySpace,
  ids: readonly string[],
  options: RepairOptions,
): Promise<Batch> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(sides.a, async () => {
        // FOR KEY SHARE, which the guard takes, goes on; inserts wait.
        await sides.a.query(`LOCK TABLE ${space.table} IN SHARE MODE`)
        const still = await settle(sides, link.source, space, ids)
        return await inTransaction(sides.b, async () => {
          const batch = await repairColumns(sides.b, link, space.columns, still, options)
          // Had the session died, so had its lock.
          await sides.a.query('SELECT 1')
          return batch
        })
      })
    } catch (error) {
      if (!retryable.includes(errorCode(error) ?? '')) throw explainRefusal(error, link)
      if (attempt === attempts) throw repairContended({ table: space.table }, error)
      await sleep(200 * attempt)
    }
  }
}

async function repairColumns(
  b: Sql,
  { source }: Link,
  columns: readonly ReferencingColumn[],
  strays: readonly Stray[],
  { run, action: chosen, rowsPerBatch = defaultRowsPerBatch }: RepairOptions,
): Promise<Batch> {
  const erased = new Set(strays.filter(({ isDeleted }) => isDeleted).map(({ id }) => id))
  const done: ColumnRepair[] = []
  let [found, limit] = [0, rowsPerBatch]
  for (const column of columns) {
    const action = repairActionOf(column.onDelete, chosen)
    const orphans = strays.filter(
      (stray) => (stray.rows[column.name] ?? 0) > 0 && kindOf(stray, column.onDelete) === 'orphans',
    )
    if (action === null || orphans.length === 0) continue
    found += orphans.reduce((sum, { rows }) => sum + (rows[column.name] ?? 0), 0)
    if (limit === 0) continue
    const ids = orphans.map(({ id }) => id)
    const taken = await takeOut(b, { run, source, column }, { action, ids, erased, limit })
    limit -= taken.rows
    // The cascade of another column may have taken them along.
    if (taken.rows > 0) done.push({ column: column.name, action, ...taken })
  }
  return { done, found, isAll: limit > 0 }
}

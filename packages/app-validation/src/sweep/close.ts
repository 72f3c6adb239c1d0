import type { Deleted } from './apply.ts'
import { actionStatement, countStatement } from './batch.ts'
import { sweepStuck } from './failures.ts'
import { isSwept, type Link, type ReferencingColumn } from './link.ts'
import { inTransaction, type Sql } from './sql.ts'

interface Count {
  readonly reference: string
  readonly id: string
  readonly rows: number
}

/** What closing came to: ids that have a receipt now, and rows that were changed for it. */
export interface Closed {
  readonly ids: number
  readonly rows: number
}

export interface CloseOptions {
  /** Rows that the transaction changes at most. */
  readonly batchSize: number
  readonly onBatch?: (column: ReferencingColumn, rows: number) => void
}

/**
 * Ends the sweep of these ids behind the barrier: takes the referential actions on what is there, counts that nothing
 * is left, writes the receipts and marks the tombstones, in one transaction. Ids that another sweeper has closed
 * meanwhile are left out.
 * @returns undefined, and nothing is done, when that is too much for one transaction or doesn't come out even
 * @throws `sweep.stuck` when a swept column still names one of them
 */
export async function closeSweep(
  b: Sql,
  link: Link,
  deleted: Deleted,
  options: CloseOptions,
): Promise<Closed | undefined> {
  const columns = link.columns.filter(({ target }) => target === deleted.target)
  try {
    return await inTransaction(b, async () => {
      const ids = await lockStanding(b, deleted)
      if (ids.length === 0) return { ids: 0, rows: 0 }
      const done = await actOn(b, columns.filter(isSwept), ids, options)
      // Where nothing had to be done, the columns that are swept were just counted.
      const left = await count(
        b,
        done.length > 0 ? columns : columns.filter((column) => !isSwept(column)),
        ids,
      )
      mustBeGone(columns, left)
      await emptyQuarantine(b, deleted, ids)
      const receipt = receiptsFor(columns, [...(await readSwept(b, deleted, ids)), ...done], left)
      const { rows } = await b.query<{ closed: number }>(
        'SELECT integrity.write_receipts($1, $2, $3, $4::jsonb[]) AS closed',
        [deleted.source, deleted.target, ids, ids.map((id) => JSON.stringify(receipt(id)))],
      )
      return { ids: rows[0]?.closed ?? 0, rows: sum(done) }
    })
  } catch (error) {
    if (error instanceof Uneven) return undefined
    throw error
  }
}

/** Ends a transaction whose work has to be done in batches. */
class Uneven extends Error {}

/**
 * Takes the actions column by column: counts, and changes as many rows as were counted. Behind the barrier no row comes
 * to name these ids any more, so the numbers are equal when and only when each counted row was changed here.
 * @returns the rows changed
 */
async function actOn(
  b: Sql,
  columns: readonly ReferencingColumn[],
  ids: readonly string[],
  { batchSize, onBatch }: CloseOptions,
): Promise<readonly Count[]> {
  const done: Count[] = []
  for (const column of columns) {
    const counts = await count(b, [column], ids)
    const rows = sum(counts)
    if (rows === 0) continue
    if (rows > batchSize) throw new Uneven()
    const { rowCount } = await b.query(actionStatement(column), [counts.map(({ id }) => id)])
    if (rowCount !== rows) throw new Uneven()
    onBatch?.(column, rows)
    done.push(...counts)
  }
  return done
}

const count = async (
  b: Sql,
  columns: readonly ReferencingColumn[],
  ids: readonly string[],
): Promise<readonly Count[]> =>
  columns.length === 0 ? [] : (await b.query<Count>(countStatement(columns), [ids])).rows

const sum = (counts: readonly Count[]): number => counts.reduce((total, { rows }) => total + rows, 0)

async function lockStanding(b: Sql, { source, target, ids }: Deleted): Promise<readonly string[]> {
  const { rows } = await b.query<{ id: string }>(
    `SELECT id FROM integrity.tombstone
      WHERE source = $1 AND target = $2 AND id = ANY ($3) AND swept_at IS NULL
      ORDER BY id FOR UPDATE`,
    [source, target, ids],
  )
  return rows.map(({ id }) => id)
}

/** What a repair has kept of an id does not outlive its erasure. */
async function emptyQuarantine(b: Sql, { source, target }: Deleted, ids: readonly string[]): Promise<void> {
  await b.query('DELETE FROM integrity.quarantine WHERE source = $1 AND target = $2 AND id = ANY ($3)', [
    source,
    target,
    ids,
  ])
}

/** Rows under `Keep` stay by declaration, and those under `Restrict` are for people to decide: the receipt has both. */
function mustBeGone(columns: readonly ReferencingColumn[], left: readonly Count[]): void {
  const swept = new Set(columns.filter(isSwept).map(({ name }) => name))
  const orphans = left.filter(({ reference }) => swept.has(reference))
  const [first] = orphans
  if (!first) return
  throw sweepStuck({
    reference: first.reference,
    rows: sum(orphans),
    reason: 'they came after the fence, which must be down there',
  })
}

async function readSwept(b: Sql, { source, target }: Deleted, ids: readonly string[]) {
  const { rows } = await b.query<Count>(
    `SELECT reference, id, rows::integer AS rows FROM integrity.swept
      WHERE source = $1 AND target = $2 AND id = ANY ($3)`,
    [source, target, ids],
  )
  return rows
}

/** What a receipt says of each column: the action, the rows that it changed, and those that are left. */
function receiptsFor(
  columns: readonly ReferencingColumn[],
  swept: readonly Count[],
  left: readonly Count[],
): (id: string) => Record<string, { action: string; rows: number; left: number }> {
  const key = (id: string, reference: string) => JSON.stringify([id, reference])
  const index = (counts: readonly Count[]) => {
    const totals = new Map<string, number>()
    for (const { id, reference, rows } of counts) {
      totals.set(key(id, reference), (totals.get(key(id, reference)) ?? 0) + rows)
    }
    return totals
  }
  const [done, remaining] = [index(swept), index(left)]
  return (id) =>
    Object.fromEntries(
      columns.map(({ name, onDelete }) => [
        name,
        { action: onDelete, rows: done.get(key(id, name)) ?? 0, left: remaining.get(key(id, name)) ?? 0 },
      ]),
    )
}

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

/** What closing came to: ids that have a receipt now, rows that were changed for it, and what was left for later. */
export interface Closed {
  readonly ids: number
  readonly rows: number
  /** Pieces that would have been too much for the transaction. */
  readonly rest: readonly Deleted[]
}

export interface CloseOptions {
  /** Rows that the transaction changes at most. */
  readonly limit: number
  readonly onBatch?: (column: ReferencingColumn, rows: number) => void
}

/**
 * Ends the sweep of these ids behind the barrier: takes the referential actions on what is there, counts that nothing
 * is left, writes the receipts and marks the tombstones, in one transaction. Ids that another sweeper has closed
 * meanwhile are left out.
 * @returns undefined, and nothing is done, when the first id alone is too much, or the rows don't come out even
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
      const standing = await lockStanding(b, deleted)
      if (standing.length === 0) return { ids: 0, rows: 0, rest: [] }
      const swept = columns.filter(isSwept)
      const found = await count(b, swept, standing)
      const { ids, rest: parts } = fitting(standing, found, options.limit)
      const rest = parts.map((part) => ({ ...deleted, ids: part }))
      if (ids.length === 0) return { ids: 0, rows: 0, rest }
      const done = await actOn(b, swept, ids, found, options)
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
        [deleted.source, deleted.target, ids, ids.map(receipt)],
      )
      return { ids: rows[0]?.closed ?? 0, rows: sum(done), rest }
    })
  } catch (error) {
    if (error instanceof Uneven) return undefined
    throw error
  }
}

/** Milliseconds after which an action has turned out too much for one statement, as where the disk is slow. */
const patience = 10_000

/** Ends a transaction whose work has to be done in batches. */
class Uneven extends Error {}

/** The first ids that have no more rows than `limit`, and the others, with one that alone has more as a piece of its own. */
function fitting(ids: readonly string[], found: readonly Count[], limit: number) {
  const rowsOf = new Map<string, number>()
  for (const { id, rows } of found) rowsOf.set(id, (rowsOf.get(id) ?? 0) + rows)
  let rows = 0
  const end = ids.findIndex((id) => {
    rows += rowsOf.get(id) ?? 0
    return rows > limit
  })
  if (end < 0) return { ids, rest: [] }
  const isHeavy = (rowsOf.get(ids[end] ?? '') ?? 0) > limit
  if (end === 0) {
    if (ids.length === 1) throw new Uneven()
    return { ids: [], rest: [ids.slice(0, 1), ids.slice(1)] }
  }
  return {
    ids: ids.slice(0, end),
    rest: isHeavy ? [ids.slice(end, end + 1), ids.slice(end + 1)] : [ids.slice(end)],
  }
}

/**
 * Takes the actions column by column, and changes as many rows as were counted. Behind the barrier no row comes to name
 * these ids any more, so the numbers are equal when and only when each counted row was changed here. What one column's
 * action may have taken from the next is counted again.
 * @param found counted before the first action
 * @returns the rows changed
 */
async function actOn(
  b: Sql,
  columns: readonly ReferencingColumn[],
  ids: readonly string[],
  found: readonly Count[],
  { onBatch }: CloseOptions,
): Promise<readonly Count[]> {
  const done: Count[] = []
  const chosen = new Set(ids)
  for (const column of columns) {
    const known = found.filter(({ reference, id }) => reference === column.name && chosen.has(id))
    if (known.length === 0) continue
    const counts =
      done.length === 0
        ? known
        : await count(
            b,
            [column],
            known.map(({ id }) => id),
          )
    const rows = sum(counts)
    if (rows === 0) continue
    await b.query(`SET LOCAL statement_timeout = ${patience}`)
    const { rowCount } = await b.query(actionStatement(column), [counts.map(({ id }) => id)])
    await b.query('SET LOCAL statement_timeout = 0')
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

/** As JSON, which Node takes apart much faster than rows. */
async function lockStanding(b: Sql, { source, target, ids }: Deleted): Promise<readonly string[]> {
  const { rows } = await b.query<{ standing: string[] | null }>(
    `SELECT json_agg(id) AS standing
       FROM (SELECT id FROM integrity.tombstone
              WHERE source = $1 AND target = $2 AND id = ANY ($3) AND swept_at IS NULL
              ORDER BY id FOR UPDATE) AS locked`,
    [source, target, ids],
  )
  return rows[0]?.standing ?? []
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

/** What a receipt says of each column: the action, the rows that it changed, and those that are left; as JSON. */
function receiptsFor(
  columns: readonly ReferencingColumn[],
  swept: readonly Count[],
  left: readonly Count[],
): (id: string) => string {
  const [done, remaining] = [byReference(swept), byReference(left)]
  return (id) =>
    JSON.stringify(
      Object.fromEntries(
        columns.map(({ name, onDelete }) => [
          name,
          { action: onDelete, rows: done.get(name)?.get(id) ?? 0, left: remaining.get(name)?.get(id) ?? 0 },
        ]),
      ),
    )
}

/** The rows of each id, under each column. */
function byReference(counts: readonly Count[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const totals = new Map<string, Map<string, number>>()
  for (const { reference, id, rows } of counts) {
    const ofColumn = totals.get(reference) ?? new Map<string, number>()
    totals.set(reference, ofColumn.set(id, (ofColumn.get(id) ?? 0) + rows))
  }
  return totals
}

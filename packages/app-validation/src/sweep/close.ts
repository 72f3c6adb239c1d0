import type { Deleted } from './apply.ts'
import { countStatement } from './batch.ts'
import { sweepStuck } from './failures.ts'
import { isSwept, type Link, type ReferencingColumn } from './link.ts'
import { inTransaction, type Sql } from './sql.ts'

interface Count {
  readonly reference: string
  readonly id: string
  readonly rows: number
}

/**
 * Ends the sweep of these ids: counts that nothing is left, writes the receipts and marks the tombstones, in one
 * transaction. Ids that another sweeper has closed meanwhile are left out.
 * @returns how many were closed
 * @throws `sweep.stuck` when a swept column still names one of them
 */
export async function closeSweep(b: Sql, link: Link, deleted: Deleted): Promise<number> {
  const columns = link.columns.filter(({ target }) => target === deleted.target)
  return await inTransaction(b, async () => {
    const ids = await lockStanding(b, deleted)
    if (ids.length === 0) return 0
    const left = columns.length === 0 ? [] : (await b.query<Count>(countStatement(columns), [ids])).rows
    mustBeGone(columns, left)
    await emptyQuarantine(b, deleted, ids)
    const done = receiptsFor(columns, await readSwept(b, deleted, ids), left)
    const { rows } = await b.query<{ closed: number }>(
      'SELECT integrity.write_receipts($1, $2, $3, $4::jsonb[]) AS closed',
      [deleted.source, deleted.target, ids, ids.map((id) => JSON.stringify(done(id)))],
    )
    return rows[0]?.closed ?? 0
  })
}

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
  const rows = orphans.reduce((sum, count) => sum + count.rows, 0)
  throw sweepStuck({
    reference: first.reference,
    rows,
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
  const index = (counts: readonly Count[]) =>
    new Map(counts.map(({ id, reference, rows }) => [key(id, reference), rows]))
  const [done, remaining] = [index(swept), index(left)]
  return (id) =>
    Object.fromEntries(
      columns.map(({ name, onDelete }) => [
        name,
        { action: onDelete, rows: done.get(key(id, name)) ?? 0, left: remaining.get(key(id, name)) ?? 0 },
      ]),
    )
}

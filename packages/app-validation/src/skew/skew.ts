import { pause, readControl } from '../control/control.ts'
import { keySpaces } from '../scan/read-keys.ts'
import { type Cursor, readCursors, type Sessions } from '../sweep/intake.ts'
import type { Link } from '../sweep/link.ts'
import type { Sql } from '../sweep/sql.ts'
import { livingAmong } from './living.ts'

/**
 * Freezes the sweeping when the referenced database was restored to the past, until a person has looked: ids
 * that have a tombstone may live again there, and a sweep would take their rows.
 *
 * It is told by what each side knows of the intake. It is acknowledged there, durably, before the cursor here moves.
 * So an acknowledgement that is behind the cursor, or missing, was undone. A cursor that is behind is no matter: this
 * database was restored, or a sweeper died in between, and the intake takes the log over again from there.
 *
 * A long transaction holds both back, so that they may agree by chance. Then it is told by ids that were closed last
 * and live.
 *
 * @returns how far the source was told that its deletions are taken over
 */
export async function freezeIfSkewed(sessions: Sessions, link: Link): Promise<Cursor | undefined> {
  const { a, b } = sessions
  const { source, referencing } = link
  // In this order: read the other way round, an intake of somebody else in between would look like a restore.
  const cursors = await readCursors(b, source)
  const known = await readAcknowledged(a, referencing)
  const reason = skewOf(cursors, known) ?? (await risenOf(sessions, link))
  if (reason !== undefined && (await readControl(b, source)) === undefined)
    await pause(b, source, `${source} was restored to the past: ${reason}`, 'frozen')
  return known.acknowledged
}

/**
 * Whether an intake began behind what the source was told before: the referencing database was restored, or a sweeper
 * died right between the two. What it lost is taken over again.
 */
export function isBehind(from: readonly Cursor[], acknowledged: Cursor | undefined): boolean {
  if (acknowledged === undefined) return false
  const cursor = from.find(({ epoch }) => epoch === acknowledged.epoch)
  return cursor === undefined || BigInt(cursor.horizon) < BigInt(acknowledged.horizon)
}

/** What doesn't fit together, or undefined. */
export function skewOf(
  cursors: readonly Cursor[],
  { epoch, acknowledged }: { readonly epoch: string; readonly acknowledged: Cursor | undefined },
): string | undefined {
  if (cursors.length === 0) return undefined
  if (acknowledged === undefined) return 'it does not know that its deletions were ever taken over'
  const isKnownEpoch = cursors.some((cursor) => cursor.epoch === epoch)
  if (isKnownEpoch && acknowledged.epoch !== epoch) return 'it has forgotten its present timeline'
  const cursor = cursors.find((each) => each.epoch === acknowledged.epoch)
  if (cursor !== undefined && BigInt(acknowledged.horizon) < BigInt(cursor.horizon)) {
    return `it says that its deletions were taken over to ${acknowledged.horizon}, and they were to ${cursor.horizon}`
  }
  return undefined
}

/** Receipts are looked at of so many batches, of which several sessions write some at once, and so many deletions. */
const [latestBatches, latestDeletions] = [4, 200]

/**
 * Of the latest deletions that have a receipt an id that lives, though its tombstone stands: that can't be but for a
 * restore, which undoes the latest first.
 */
async function risenOf({ a, b }: Sessions, { source, columns }: Link): Promise<string | undefined> {
  for (const space of keySpaces(columns)) {
    const { target } = space
    const closed = await b.query<{ id: string }>(
      `SELECT r.id
         FROM (SELECT r.id, r.xid FROM integrity.receipt AS r
                WHERE r.source = $1 AND r.target = $2
                  AND r.batch > (SELECT max(b.number) FROM integrity.receipt_batch AS b WHERE b.source = $1) - $3
                ORDER BY r.deleted_at DESC LIMIT $4) AS r
        CROSS JOIN LATERAL (SELECT t.xid FROM integrity.tombstone AS t
                             WHERE (t.source, t.target, t.id) = ($1, $2, r.id) OFFSET 0) AS t
        WHERE t.xid = r.xid`,
      [source, target, latestBatches, latestDeletions],
    )
    if (closed.rows.length === 0) continue
    const [id] = await livingAmong(
      a,
      space,
      closed.rows.map(({ id }) => id),
    )
    // Somebody may have revived it between the two looks.
    if (id !== undefined && (await hasTombstone(b, source, target, id)))
      return `${id} was deleted there, and lives`
  }
  return undefined
}

async function hasTombstone(b: Sql, source: string, target: string, id: string): Promise<boolean> {
  const text = 'SELECT FROM integrity.tombstone WHERE source = $1 AND target = $2 AND id = $3'
  return (await b.query(text, [source, target, id])).rows.length > 0
}

async function readAcknowledged(a: Sql, referencing: string) {
  const { rows } = await a.query<{ now: string; epoch: string | null; horizon: string | null }>(
    `SELECT integrity.epoch() AS now, c.epoch, c.horizon::text AS horizon
       FROM (VALUES (1)) AS one LEFT JOIN integrity.consumer AS c ON c.consumer = $1`,
    [referencing],
  )
  const { now, epoch, horizon } = rows[0] ?? { now: '', epoch: null, horizon: null }
  return { epoch: now, acknowledged: epoch === null || horizon === null ? undefined : { epoch, horizon } }
}

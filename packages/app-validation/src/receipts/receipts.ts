import type { ReferentialAction } from '../references/action.ts'
import type { Sql } from '../sweep/sql.ts'

/** What was done in one referencing database after one row was deleted. */
export interface Receipt {
  readonly source: string
  readonly target: string
  readonly id: string
  /** ISO 8601, by the clock of the source. */
  readonly deletedAt: string
  /** ISO 8601: when nothing was found left. */
  readonly sweptAt: string
  /** By referencing column. `left` is zero, but for `Keep` and `Restrict`. */
  readonly done: Readonly<Record<string, { action: ReferentialAction; rows: number; left: number }>>
  /** The batch that it was written with, and that batch's hash in hexadecimal. */
  readonly batch: number
  readonly hash: string
}

export interface ReceiptQuery {
  readonly source: string
  /** The deleted row; the latest receipts of all when it is left out. */
  readonly id?: string
  readonly limit?: number
}

/** One deletion, as the log of the source has it. */
export interface LoggedDeletion {
  readonly source: string
  readonly target: string
  readonly id: string
  readonly epoch: string
  readonly xid: string
}

export async function readReceipts(
  b: Sql,
  { source, id, limit = 20 }: ReceiptQuery,
): Promise<readonly Receipt[]> {
  const { rows } = await b.query<Receipt>(
    `${select} WHERE r.source = $1 AND ($2::text IS NULL OR r.id = $2)
      ORDER BY r.batch DESC, r.target, r.id LIMIT $3`,
    [source, id ?? null, limit],
  )
  return rows
}

/** The receipt of this very deletion, or null while it is swept: the id may have been deleted before, and revived. */
export async function readReceiptOf(
  b: Sql,
  { source, target, id, epoch, xid }: LoggedDeletion,
): Promise<Receipt | null> {
  const { rows } = await b.query<Receipt>(
    `${select} WHERE (r.source, r.target, r.id, r.epoch) = ($1, $2, $3, $4) AND r.xid = $5::text::xid8`,
    [source, target, id, epoch, xid],
  )
  return rows[0] ?? null
}

const select = `SELECT r.source, r.target, r.id, to_json(r.deleted_at) #>> '{}' AS "deletedAt",
        to_json(b.at) #>> '{}' AS "sweptAt", r.done, r.batch::integer AS batch, encode(b.hash, 'hex') AS hash
   FROM integrity.receipt AS r
   JOIN integrity.receipt_batch AS b ON (b.source, b.number) = (r.source, r.batch)`

/** A batch of receipts that isn't as it was written. */
export interface BrokenBatch {
  readonly batch: number
  readonly problem: string
}

/**
 * Recomputes every hash of the chain. None broken: no receipt was changed, added or taken away since, the latest included
 * as long as their tombstones stand.
 */
export async function verifyReceipts(b: Sql, source: string): Promise<readonly BrokenBatch[]> {
  const { rows } = await b.query<BrokenBatch>(
    'SELECT number::integer AS batch, problem FROM integrity.verify_receipts($1)',
    [source],
  )
  return rows.length > 0 ? rows : await findCutOff(b, source)
}

/**
 * Nothing follows the last batch of a chain, so the chain itself doesn't know that it was longer, and goes on from where
 * it was cut. The tombstones know, and when: a batch and the tombstones that it closed say the same time.
 */
async function findCutOff(b: Sql, source: string): Promise<readonly BrokenBatch[]> {
  const { rows } = await b.query<BrokenBatch>(
    `SELECT (SELECT count(*) + 1 FROM integrity.receipt_batch AS b WHERE b.source = $1 AND b.at < cut.at)::integer AS batch,
            'what stood here is missing; deletions without a receipt: ' || cut.deletions AS problem
       FROM (SELECT min(t.swept_at) AS at, count(*) AS deletions
               FROM integrity.tombstone AS t
              WHERE t.source = $1 AND t.swept_at IS NOT NULL
                AND NOT EXISTS (
                  SELECT FROM integrity.receipt AS r
                   WHERE (r.source, r.target, r.id, r.epoch, r.xid) = (t.source, t.target, t.id, t.epoch, t.xid))) AS cut
      WHERE cut.deletions > 0`,
    [source],
  )
  return rows
}

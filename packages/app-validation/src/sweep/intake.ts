import type { Link } from './link.ts'
import { inTransaction, type Sql } from './sql.ts'

/** The sessions of one link: `a` in the referenced database, `b` in the referencing one. */
export interface Sessions {
  readonly a: Sql
  readonly b: Sql
  /** More of the referencing database, which take over part of the work. */
  readonly helpers?: readonly Sql[]
}

/** What an intake came to; `busy` when another sweeper is at it. */
export type Intake =
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'taken'
      readonly tombstones: number
      /** Where it began. */
      readonly from: readonly Cursor[]
    }

/** Where the intake has come to in one epoch of the source. */
export interface Cursor {
  readonly epoch: string
  readonly horizon: string
}

const pageSize = 2_500

/**
 * Carries the deletes that the source has logged over to the referencing database, as tombstones.
 *
 * One sweeper at a time takes in, under a session lock that `revive` takes too: an intake that slept can't bring
 * back a tombstone that was lifted meanwhile, since its lock and its writes die with the same session.
 */
export async function takeIn({ a, b }: Sessions, link: Link): Promise<Intake> {
  if (!(await tryLockIntake(b, link.source))) return { kind: 'busy' }
  try {
    const from = await readCursors(b, link.source)
    return { kind: 'taken', tombstones: await takeLocked({ a, b }, link, from), from }
  } finally {
    await unlockIntake(b, link.source)
  }
}

async function takeLocked({ a, b }: Sessions, link: Link, cursors: readonly Cursor[]): Promise<number> {
  const { log, horizon } = await openLog(a, cursors)
  try {
    const first = await log.next()
    // Older deletes are final and seen, so the cursor may move even where there is nothing to take.
    if (first.length === 0 && !moves(cursors, horizon)) return 0
    return await inTransaction(b, async () => {
      let tombstones = 0
      for (let page = first; page.length > 0; ) {
        // The two servers need not wait for each other.
        const [next, buried] = await bothOf(log.next(), bury(b, link.source, page))
        tombstones += buried
        page = next
      }
      await log.close()
      await flush(a, link.referencing, horizon)
      await moveCursors(b, link.source, horizon)
      await liftReservations(b, link.source)
      return tombstones
    })
  } finally {
    await log.close()
  }
}

/** Both results, or the error that comes first, once both have ended. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

interface LogRow {
  readonly epoch: string
  readonly xid: string
  readonly target: string
  readonly id: string
  readonly at: string
}

interface Log {
  readonly log: { next(): Promise<readonly LogRow[]>; close(): Promise<void> }
  readonly horizon: readonly Cursor[]
}

/**
 * Opens the log behind the cursors. Every visible row is taken, those of transactions at or after the horizon
 * too, and read again the next time: a long transaction in the source delays nothing but the cursor.
 *
 * The horizon is an xid and not a sequence: numbers are taken in another order than transactions commit. Epochs
 * of the same system (its timelines) share one xid space; of another system everything visible is final.
 */
async function openLog(a: Sql, cursors: readonly Cursor[]): Promise<Log> {
  await a.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  let open = true
  const close = async () => {
    if (open) await a.query('ROLLBACK')
    open = false
  }
  try {
    const epochs = await readEpochs(a)
    const from = new Map(cursors.map(({ epoch, horizon }) => [epoch, horizon]))
    const ranges = epochs.map(({ epoch }) => `(${a.escapeLiteral(epoch)}, '${from.get(epoch) ?? '0'}'::xid8)`)
    await a.query(`DECLARE integrity_log NO SCROLL CURSOR FOR
      SELECT log.epoch, log.xid::text AS xid, log.target, log.id, log.at::text AS at
        FROM (VALUES ${ranges.join(', ')}) AS range (epoch, horizon)
       CROSS JOIN LATERAL (SELECT * FROM integrity.delete_log AS l
                            WHERE l.epoch = range.epoch AND l.xid >= range.horizon) AS log`)
    const next = async () => (await a.query<LogRow>(`FETCH ${pageSize} FROM integrity_log`)).rows
    return { horizon: epochs, log: { next, close } }
  } catch (error) {
    await close()
    throw error
  }
}

/** Every epoch of the log and the present one, each with the horizon that it has reached. */
async function readEpochs(a: Sql): Promise<readonly Cursor[]> {
  const { rows } = await a.query<{ epoch: string; horizon: string }>(`
    WITH RECURSIVE present (epoch, horizon) AS MATERIALIZED (
      SELECT integrity.epoch(), pg_snapshot_xmin(pg_current_snapshot())
    ), logged (epoch) AS (
      (SELECT min(epoch) FROM integrity.delete_log)
      UNION ALL
      SELECT (SELECT min(l.epoch) FROM integrity.delete_log AS l WHERE l.epoch > logged.epoch)
        FROM logged WHERE logged.epoch IS NOT NULL
    )
    SELECT known.epoch,
           (CASE WHEN split_part(known.epoch, ':', 1) = split_part(present.epoch, ':', 1) THEN present.horizon
                 ELSE (SELECT max(l.xid)::text::bigint + 1 FROM integrity.delete_log AS l
                        WHERE l.epoch = known.epoch)::text::xid8
            END)::text AS horizon
      FROM (SELECT epoch FROM logged WHERE epoch IS NOT NULL UNION SELECT epoch FROM present) AS known, present`)
  return rows
}

const moves = (before: readonly Cursor[], after: readonly Cursor[]): boolean =>
  after.some(({ epoch, horizon }) => {
    const known = before.find((cursor) => cursor.epoch === epoch)
    return known === undefined || BigInt(horizon) > BigInt(known.horizon)
  })

/** Where the intake of a source has come to, in each of its epochs. */
export async function readCursors(b: Sql, source: string): Promise<readonly Cursor[]> {
  const text = 'SELECT epoch, horizon::text AS horizon FROM integrity.cursor WHERE source = $1'
  return (await b.query<{ epoch: string; horizon: string }>(text, [source])).rows
}

/**
 * Only this session puts tombstones, so those that stand are left out beforehand: ON CONFLICT would cost each of the
 * others as much as its insertion. In the order of the index, which is then written page by page.
 */
async function bury(b: Sql, source: string, page: readonly LogRow[]): Promise<number> {
  const { rows } = await b.query<{ made: number; others: readonly number[] }>(
    `WITH log AS MATERIALIZED (
       SELECT log.*, (SELECT t.epoch || ' ' || t.xid FROM integrity.tombstone AS t
                       WHERE (t.source, t.target, t.id) = ($1, log.target, log.id)) AS known
         FROM ${logRows} WITH ORDINALITY AS log (target, id, epoch, xid, at, place)
     ), made AS (
       INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at)
       SELECT $1, target, id, epoch, xid::xid8, at FROM log WHERE known IS NULL
        ORDER BY target COLLATE "C", id COLLATE "C"
     )
     SELECT count(*) FILTER (WHERE known IS NULL)::integer AS made,
            coalesce(array_agg(place::integer) FILTER (WHERE known <> epoch || ' ' || xid), '{}') AS others
       FROM log`,
    [source, ...columnsOf(page)],
  )
  const { made, others } = rows[0] ?? { made: 0, others: [] }
  const again = others.flatMap((place) => page[place - 1] ?? [])
  return made + (again.length === 0 ? 0 : await digUp(b, source, again))
}

/** Opens tombstones that stand for an earlier deletion of the same id: it had come back while triggers were off. */
async function digUp(b: Sql, source: string, again: readonly LogRow[]): Promise<number> {
  const { rowCount } = await b.query(
    `UPDATE integrity.tombstone AS t
        SET epoch = log.epoch, xid = log.xid::xid8, deleted_at = log.at, at = clock_timestamp(),
            cleared_at = NULL, swept_at = NULL
       FROM ${logRows} AS log (target, id, epoch, xid, at)
      WHERE (t.source, t.target, t.id) = ($1, log.target, log.id)`,
    [source, ...columnsOf(again)],
  )
  return rowCount ?? 0
}

/** Rows of the log as a relation, from one array for each column behind `$1`. */
const logRows = 'unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])'
const columnsOf = (rows: readonly LogRow[]) =>
  (['target', 'id', 'epoch', 'xid', 'at'] as const).map((key) => rows.map((row) => row[key]))

/**
 * Commits something in the source synchronously, and with it everything before: a delete made with
 * `synchronous_commit = off` may be undone by a crash, and a cascade could not be.
 */
async function flush(a: Sql, referencing: string, horizon: readonly Cursor[]): Promise<void> {
  await inTransaction(a, async () => {
    await a.query('SELECT integrity.flush()')
    await a.query(
      `SELECT integrity.acknowledge($1, epoch, horizon::xid8)
         FROM unnest($2::text[], $3::text[]) AS h (epoch, horizon) WHERE epoch = integrity.epoch()`,
      [referencing, horizon.map(({ epoch }) => epoch), horizon.map(({ horizon }) => horizon)],
    )
  })
}

/** Where a deletion was decided, the tombstone refuses from here on what the reservation told to retry. */
async function liftReservations(b: Sql, source: string): Promise<void> {
  await b.query(
    `DELETE FROM integrity.reservation AS r USING integrity.tombstone AS t
      WHERE r.source = $1 AND (t.source, t.target, t.id) = (r.source, r.target, r.id)`,
    [source],
  )
}

async function moveCursors(b: Sql, source: string, horizon: readonly Cursor[]): Promise<void> {
  await b.query(
    `INSERT INTO integrity.cursor AS c (source, epoch, horizon, at)
     SELECT $1, epoch, horizon::xid8, clock_timestamp() FROM unnest($2::text[], $3::text[]) AS h (epoch, horizon)
     ON CONFLICT (source, epoch) DO UPDATE SET horizon = greatest(c.horizon, excluded.horizon), at = excluded.at`,
    [source, horizon.map(({ epoch }) => epoch), horizon.map(({ horizon }) => horizon)],
  )
}

const lockName = (source: string): string => `integrity.intake ${source}`

async function tryLockIntake(b: Sql, source: string): Promise<boolean> {
  const text = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked'
  return (await b.query<{ locked: boolean }>(text, [lockName(source)])).rows[0]?.locked === true
}

/** Waits for the intake under way, and keeps others from beginning. */
export async function lockIntake(b: Sql, source: string): Promise<void> {
  await b.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lockName(source)])
}

/** A session that is gone has let go of its locks. */
export async function unlockIntake(b: Sql, source: string): Promise<void> {
  await b.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lockName(source)]).catch(() => {})
}

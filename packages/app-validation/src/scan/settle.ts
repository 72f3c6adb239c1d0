import { countStatement } from '../sweep/batch.ts'
import { inTransaction, type Sql } from '../sweep/sql.ts'
import type { KeySpace } from './read-keys.ts'

/** An id that rows name and that doesn't exist. */
export interface Stray {
  readonly target: string
  readonly id: string
  /** Whether its deletion is known here and the sweep has it still before it: no orphan, or not for long. */
  readonly isWaiting: boolean
  /** Whether it is known to have been deleted, by the log, a tombstone or a receipt. */
  readonly isDeleted: boolean
  /** By referencing column, `public.projects.user_id`; none is zero. */
  readonly rows: Readonly<Record<string, number>>
}

/** What is known of an id in the referencing database, of one snapshot. */
interface Named {
  readonly rows: Map<string, Record<string, number>>
  /** Ids with a tombstone, and whether it is swept. */
  readonly tombstones: ReadonlyMap<string, boolean>
  readonly receipts: ReadonlySet<string>
  /** How far the log is taken over, by epoch. */
  readonly horizons: ReadonlyMap<string, bigint>
}

/**
 * Looks at candidates once more. The two sides were read at different times, so each may have come to exist or
 * lost its rows since. The referencing side is looked at first, in one snapshot, and the referenced one after it:
 * an id that was created before its row is then there, or deleted since and in the log. What is left is a stray
 * at this very time.
 */
export async function settle(
  sessions: { readonly a: Sql; readonly b: Sql },
  source: string,
  space: KeySpace,
  ids: readonly string[],
): Promise<readonly Stray[]> {
  const named = await readNamed(sessions.b, source, space, ids)
  const log = await readMissing(sessions.a, space, ids)
  const strays: Stray[] = []
  for (const [id, deletion] of log) {
    const rows = named.rows.get(id)
    if (!rows) continue
    const isSwept = named.tombstones.get(id)
    const isAhead = deletion !== null && deletion.xid >= (named.horizons.get(deletion.epoch) ?? 0n)
    strays.push({
      target: space.target,
      id,
      // Below the horizon and without a tombstone, no sweep will ever come for it.
      isWaiting: isSwept === undefined ? isAhead : !isSwept,
      isDeleted: isSwept !== undefined || deletion !== null || named.receipts.has(id),
      rows,
    })
  }
  return strays
}

async function readNamed(b: Sql, source: string, space: KeySpace, ids: readonly string[]): Promise<Named> {
  const asked = [source, space.target, ids]
  return await inTransaction(
    b,
    async () => {
      const counts = await b.query<{ reference: string; id: string; rows: number }>(
        countStatement(space.columns),
        [ids],
      )
      const rows = new Map<string, Record<string, number>>()
      for (const { reference, id, rows: number } of counts.rows) {
        rows.set(id, { ...rows.get(id), [reference]: number })
      }
      const tombstones = await b.query<{ id: string; swept: boolean }>(
        `SELECT id, swept_at IS NOT NULL AS swept FROM integrity.tombstone
          WHERE source = $1 AND target = $2 AND id = ANY ($3)`,
        asked,
      )
      const receipts = await b.query<{ id: string }>(
        'SELECT id FROM integrity.receipt WHERE source = $1 AND target = $2 AND id = ANY ($3)',
        asked,
      )
      const cursors = await b.query<{ epoch: string; horizon: string }>(
        'SELECT epoch, horizon::text AS horizon FROM integrity.cursor WHERE source = $1',
        [source],
      )
      return {
        rows,
        tombstones: new Map(tombstones.rows.map(({ id, swept }) => [id, swept])),
        receipts: new Set(receipts.rows.map(({ id }) => id)),
        horizons: new Map(cursors.rows.map(({ epoch, horizon }) => [epoch, BigInt(horizon)])),
      }
    },
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  )
}

/** Which of the ids don't exist, each with its deletion where the log knows one. One statement, and so one snapshot. */
async function readMissing(a: Sql, { target, table, column, type }: KeySpace, ids: readonly string[]) {
  const { rows } = await a.query<{ id: string; epoch: string | null; xid: string | null }>(
    `SELECT i.id, l.epoch, l.xid::text AS xid
       FROM unnest($2::text[]) AS i (id)
       LEFT JOIN integrity.delete_log AS l ON l.target = $1 AND l.id = i.id
      WHERE NOT EXISTS (SELECT FROM ${table} AS t WHERE t.${column} = i.id::${type})`,
    [target, ids],
  )
  return new Map(
    rows.map(({ id, epoch, xid }) => [
      id,
      epoch === null || xid === null ? null : { epoch, xid: BigInt(xid) },
    ]),
  )
}

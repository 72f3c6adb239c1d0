import type { Client } from '../install/read.ts'
import { relationName } from '../install/trigger.ts'
import type { PlacedColumn } from '../references/placed.ts'

/** How far a referencing database has taken the delete log over, of one epoch. */
export interface Horizon {
  readonly epoch: string
  readonly horizon: string
}

/** What a referenced database knows of its part. */
export interface ReferencedStatus {
  readonly database: string
  /** Deletions that the referencing database has not taken over yet. */
  readonly waiting: number
  /** ISO 8601, of the oldest of them. */
  readonly oldestWaiting: string | null
  /** Deletions whose arbitration began long ago and has not ended. */
  readonly oldIntents: number
  /** Inserts of deleted ids, and deletes without an intent. */
  readonly refused: { readonly reuses: number; readonly deletes: number }
  readonly role: string
  /** Referenced tables whose rows the role may not lock, which the guard has to: SELECT and UPDATE on some column. */
  readonly unlockable: readonly string[]
}

/** After this an arbitration that has not ended was left behind. */
const oldAfter = `interval '5 minutes'`

/**
 * @param horizons of the referencing database that is asked about
 * @param writer the role whose guard locks rows there; without one it is who asks
 */
export async function readReferenced(
  client: Client,
  database: string,
  targets: readonly PlacedColumn[],
  horizons: readonly Horizon[],
  writer?: string,
): Promise<ReferencedStatus> {
  const tables = targets.map(({ schema, table }) => relationName({ schema, name: table }))
  const { rows } = await client.query(
    `SELECT w.waiting::int, to_json(w.oldest) #>> '{}' AS oldest, role,
            (SELECT count(*)::int FROM integrity.intent WHERE state IN ('open', 'clear') AND changed_at < now() - ${oldAfter}) AS old_intents,
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int FROM integrity.refused_reuses) AS reuses,
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int FROM integrity.refused_deletes) AS deletes,
            coalesce((SELECT array_agg(t::text) FROM unnest($3::text[]) t WHERE NOT (
              has_any_column_privilege(role, t::regclass, 'SELECT') AND has_any_column_privilege(role, t::regclass, 'UPDATE'))), '{}') AS unlockable
       FROM (SELECT count(*) AS waiting, min(at) AS oldest FROM integrity.delete_log l
              WHERE NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[]) c(epoch, horizon)
                                 WHERE c.epoch = l.epoch AND l.xid < c.horizon::xid8)) w, ${roleOr('$4')}`,
    [horizons.map(({ epoch }) => epoch), horizons.map(({ horizon }) => horizon), tables, writer ?? null],
  )
  const row = rows[0] ?? {}
  return {
    database,
    waiting: Number(row.waiting),
    oldestWaiting: textOrNull(row.oldest),
    oldIntents: Number(row.old_intents),
    refused: { reuses: Number(row.reuses), deletes: Number(row.deletes) },
    role: String(row.role),
    unlockable: Array.isArray(row.unlockable) ? row.unlockable.map(String) : [],
  }
}

/** A row with the role of that name, or who asks where it doesn't exist. */
export const roleOr = (name: string): string =>
  `(SELECT coalesce((SELECT rolname::text FROM pg_roles WHERE rolname = ${name}::text), current_user::text) AS role) r`

export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

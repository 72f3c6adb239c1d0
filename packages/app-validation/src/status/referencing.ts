import type { Client } from '../install/read.ts'
import { type Horizon, roleOr, textOrNull } from './referenced.ts'

/** What a referencing database knows of its part, of one source. */
export interface ReferencingStatus {
  readonly database: string
  readonly source: string
  readonly horizons: readonly Horizon[]
  /** Deletions whose rows are still there, and those that are not yet made sure of. */
  readonly uncleared: number
  readonly unswept: number
  /** ISO 8601, of the oldest of each. */
  readonly oldestUncleared: string | null
  readonly oldestUnswept: string | null
  /** Why nothing is swept. */
  readonly stopped: { readonly state: string; readonly reason: string; readonly role: string } | null
  /** Reservations of an arbitration that began long ago: writers are told to retry. */
  readonly oldReservations: number
  /** Writes that named a deleted row, and those that were told to retry. */
  readonly refused: { readonly writes: number; readonly reserved: number }
  readonly role: string
  /** Whether the role sees the snapshots of all sessions, which the sweeper has to. */
  readonly seesSnapshots: boolean
}

/** @param sweeper the role that sweeps; without one it is who asks */
export async function readReferencing(
  client: Client,
  database: string,
  source: string,
  sweeper?: string,
): Promise<ReferencingStatus> {
  const { rows } = await client.query(
    `SELECT r.role, pg_has_role(r.role, 'pg_read_all_stats', 'USAGE') AS sees,
            coalesce((SELECT jsonb_agg(jsonb_build_object('epoch', epoch, 'horizon', horizon::text)) FROM integrity.cursor WHERE source = $1), '[]') AS horizons,
            (SELECT count(*)::int FROM integrity.tombstone WHERE source = $1 AND swept_at IS NULL AND cleared_at IS NULL) AS uncleared,
            (SELECT count(*)::int FROM integrity.tombstone WHERE source = $1 AND swept_at IS NULL) AS unswept,
            (SELECT to_json(min(deleted_at)) #>> '{}' FROM integrity.tombstone WHERE source = $1 AND swept_at IS NULL AND cleared_at IS NULL) AS oldest_uncleared,
            (SELECT to_json(min(deleted_at)) #>> '{}' FROM integrity.tombstone WHERE source = $1 AND swept_at IS NULL) AS oldest,
            (SELECT jsonb_build_object('state', state, 'reason', reason, 'role', role) FROM integrity.control WHERE source = $1) AS stopped,
            (SELECT count(*)::int FROM integrity.reservation WHERE source = $1 AND at < now() - interval '5 minutes') AS old_reservations,
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int FROM integrity.refused_writes) AS writes,
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int FROM integrity.refused_reserved) AS reserved
       FROM ${roleOr('$2')}`,
    [source, sweeper ?? null],
  )
  const row = rows[0] ?? {}
  return {
    database,
    source,
    horizons: Array.isArray(row.horizons) ? row.horizons.map(toHorizon) : [],
    uncleared: Number(row.uncleared),
    oldestUncleared: textOrNull(row.oldest_uncleared),
    unswept: Number(row.unswept),
    oldestUnswept: textOrNull(row.oldest),
    stopped: toStopped(row.stopped),
    oldReservations: Number(row.old_reservations),
    refused: { writes: Number(row.writes), reserved: Number(row.reserved) },
    role: String(row.role),
    seesSnapshots: row.sees === true,
  }
}

const toHorizon = ({ epoch, horizon }: Record<string, unknown>): Horizon => ({
  epoch: String(epoch),
  horizon: String(horizon),
})

function toStopped(value: unknown): ReferencingStatus['stopped'] {
  if (typeof value !== 'object' || value === null) return null
  const { state, reason, role }: { state?: unknown; reason?: unknown; role?: unknown } = value
  return { state: String(state), reason: String(reason), role: String(role) }
}

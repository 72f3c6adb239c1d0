import type { Sessions } from '../sweep/intake.ts'
import type { Link } from '../sweep/link.ts'
import { release } from './reservation.ts'

/** How long an arbiter may take before it counts as dead. */
const lease = '10 minutes'

/**
 * Clears away what arbiters have left that died or have ended: intents are cancelled in the source before anything
 * is released here. Reservations of rows that are deleted stay until the intake has put tombstones in their place.
 */
export async function recoverIntents({ a, b }: Sessions, link: Link): Promise<void> {
  for (const stale of await staleReservations(b, link.source)) {
    if (await isOver(a, stale)) await release(b, stale.token)
  }
  await a.query(
    `DELETE FROM integrity.intent
      WHERE state IN ('deleted', 'cancelled') AND changed_at < clock_timestamp() - $1::interval`,
    [lease],
  )
}

interface Stale {
  readonly token: string
  readonly target: string
  readonly ids: readonly string[]
}

async function staleReservations(b: Sessions['b'], source: string): Promise<readonly Stale[]> {
  const { rows } = await b.query<{ token: string; target: string; ids: string[] }>(
    `SELECT token::text AS token, target, array_agg(id) AS ids FROM integrity.reservation
      WHERE source = $1 AND at < clock_timestamp() - $2::interval GROUP BY token, target`,
    [source, lease],
  )
  return rows
}

/**
 * Whether nothing was deleted under the token, and nothing can be any more. Cancelling waits for a delete under
 * way. An intent that is gone has ended either way, so the delete log is asked too.
 */
async function isOver(a: Sessions['a'], { token, target, ids }: Stale): Promise<boolean> {
  const cancelled = await a.query<{ over: boolean }>('SELECT integrity.cancel_intent($1::uuid) AS over', [
    token,
  ])
  const deleted = await a.query(
    'SELECT FROM integrity.delete_log WHERE target = $1 AND id = ANY ($2) LIMIT 1',
    [target, ids],
  )
  return cancelled.rows[0]?.over === true && deleted.rows.length === 0
}

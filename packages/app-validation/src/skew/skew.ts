import { pause, readControl } from '../control/control.ts'
import type { Sessions } from '../sweep/intake.ts'
import type { Link } from '../sweep/link.ts'
import type { Sql } from '../sweep/sql.ts'

interface Position {
  readonly epoch: string
  readonly horizon: string
}

/**
 * Freezes the sweeping when the referenced database was restored to the past, until a person has looked: ids
 * that have a tombstone may live again there, and a sweep would take their rows.
 *
 * It is told by what each side knows of the intake. It is acknowledged there, durably, before the cursor here moves.
 * So an acknowledgement that is behind the cursor, or missing, was undone. A cursor that is behind is no matter: this
 * database was restored, or a sweeper died in between, and the intake takes the log over again from there.
 */
export async function freezeIfSkewed({ a, b }: Sessions, { source, referencing }: Link): Promise<void> {
  // In this order: read the other way round, an intake of somebody else in between would look like a restore.
  const cursors = await readCursors(b, source)
  const known = await readAcknowledged(a, referencing)
  const reason = skewOf(cursors, known)
  if (reason === undefined || (await readControl(b, source)) !== undefined) return
  await pause(b, source, `${source} was restored to the past: ${reason}`, 'frozen')
}

/** What doesn't fit together, or undefined. */
export function skewOf(
  cursors: readonly Position[],
  { epoch, acknowledged }: { readonly epoch: string; readonly acknowledged: Position | undefined },
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

async function readCursors(b: Sql, source: string): Promise<readonly Position[]> {
  const text = 'SELECT epoch, horizon::text AS horizon FROM integrity.cursor WHERE source = $1'
  return (await b.query<{ epoch: string; horizon: string }>(text, [source])).rows
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

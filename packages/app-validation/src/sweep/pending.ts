import type { Deleted } from './apply.ts'
import { sweepPaused } from './failures.ts'
import type { Sql } from './sql.ts'

/** `uncleared`: the actions are still to be taken. `unswept`: taken once, and to be made sure of behind the barrier. */
export type Stage = 'uncleared' | 'unswept'

const conditions: Readonly<Record<Stage, string>> = {
  uncleared: 'swept_at IS NULL AND cleared_at IS NULL',
  unswept: 'swept_at IS NULL AND cleared_at IS NOT NULL',
}

/** At most `limit` ids of a source that are at that stage, by target. */
export async function readPending(
  b: Sql,
  source: string,
  stage: Stage,
  limit: number,
): Promise<readonly Deleted[]> {
  const { rows } = await b.query<{ target: string; ids: string[] }>(
    `SELECT target, json_agg(id) AS ids
       FROM (SELECT target, id FROM integrity.tombstone
              WHERE source = $1 AND ${conditions[stage]} LIMIT $2) AS pending
      GROUP BY target ORDER BY target`,
    [source, limit],
  )
  return rows.map(({ target, ids }) => ({ source, target, ids }))
}

export async function markCleared(b: Sql, { source, target, ids }: Deleted): Promise<void> {
  await b.query(
    `UPDATE integrity.tombstone SET cleared_at = clock_timestamp()
      WHERE source = $1 AND target = $2 AND id = ANY ($3) AND cleared_at IS NULL`,
    [source, target, ids],
  )
}

/** @throws `sweep.paused` while a person, or a restore that was noticed, has stopped the sweeping of this source */
export async function mustRun(b: Sql, source: string): Promise<void> {
  const text = 'SELECT reason, role FROM integrity.control WHERE source = $1'
  const [control] = (await b.query<{ reason: string; role: string }>(text, [source])).rows
  if (control) throw sweepPaused({ source, reason: control.reason, by: control.role })
}

import type { Sql } from '../sweep/sql.ts'

/** Why nothing is swept after deletions in a source. */
export interface Control {
  readonly source: string
  /** `paused` by a person, `frozen` when the two databases were found not to fit together. */
  readonly state: 'paused' | 'frozen'
  readonly reason: string
  readonly role: string
  /** ISO 8601. */
  readonly at: string
}

/** Stops the sweeping after deletions in a source; a batch that is under way is finished. The fence stays. */
export async function pause(
  b: Sql,
  source: string,
  reason: string,
  state: Control['state'] = 'paused',
): Promise<void> {
  await b.query(
    `INSERT INTO integrity.control (source, state, reason) VALUES ($1, $2, $3)
     ON CONFLICT (source) DO UPDATE SET state = excluded.state, reason = excluded.reason,
       role = excluded.role, at = excluded.at`,
    [source, state, reason],
  )
}

/** @returns what had stopped it, or undefined when nothing had */
export async function resume(b: Sql, source: string): Promise<Control | undefined> {
  const { rows } = await b.query<Control>(
    `DELETE FROM integrity.control WHERE source = $1 RETURNING ${columns}`,
    [source],
  )
  return rows[0]
}

export async function readControl(b: Sql, source: string): Promise<Control | undefined> {
  return (await b.query<Control>(`SELECT ${columns} FROM integrity.control WHERE source = $1`, [source]))
    .rows[0]
}

const columns = "source, state, reason, role, to_json(at) #>> '{}' AS at"

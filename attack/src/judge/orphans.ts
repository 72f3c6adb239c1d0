import type { Client } from 'pg'
import type { Scene } from '../work/scene.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

/** Rows of any referencing column of the catalog that name somebody who isn't there. `Keep` allows it. */
export async function findOrphans({ place, book }: Scene, b: Client, living: Living): Promise<Verdict> {
  const violations: Violation[] = []
  let [columns, values] = [0, 0]
  for (const { schema, table, column, target, onDelete } of place.references) {
    if (onDelete === 'Keep') continue
    const there = target.table === 'users' ? living.users : living.members
    const { rows } = await b.query<{ id: string; rows: number }>(
      `SELECT "${column}"::text AS id, count(*)::integer AS rows FROM "${schema}"."${table}"
        WHERE "${column}" IS NOT NULL GROUP BY 1`,
    )
    columns += 1
    values += rows.length
    for (const { id, rows: count } of rows) {
      if (there.has(id)) continue
      const what = `${count} rows of ${table}.${column} name ${target.table} ${id}, who isn't there`
      violations.push({ kind: 'orphan', what, history: book.historyOf(id) })
    }
  }
  return { checked: { 'referencing columns': columns, 'values looked up': values }, violations }
}

import type { KeySpace } from '../scan/read-keys.ts'
import type { Sql } from '../sweep/sql.ts'

/** Which of these ids the referenced table has. */
export async function livingAmong(
  a: Sql,
  { table, column, type }: KeySpace,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await a.query<{ id: string }>(
    `SELECT i.id FROM unnest($1::text[]) AS i (id)
      WHERE EXISTS (SELECT FROM ${table} AS t WHERE t.${column} = i.id::${type})`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

import type { Sql } from '../sweep/sql.ts'
import type { Repair } from './quarantine.ts'

/**
 * Locks rows that name one of the ids, at most so many, and notes them in `pg_temp.repair_row`: those to be kept at
 * depth 0, what is left of deleted ids at -1.
 * @returns how many they are
 */
export async function pickVictims(
  b: Sql,
  { column }: Repair,
  ids: readonly string[],
  erased: ReadonlySet<string>,
  limit: number,
): Promise<number> {
  await b.query(`CREATE TEMP TABLE IF NOT EXISTS repair_row
    (part oid, place tid, id text, name text, depth integer, PRIMARY KEY (part, place)) ON COMMIT DROP`)
  await b.query('TRUNCATE pg_temp.repair_row')
  const { rowCount } = await b.query(
    `INSERT INTO pg_temp.repair_row
     SELECT t.part, t.place, t.id, $4::regclass::text, CASE WHEN t.id = ANY ($2::text[]) THEN -1 ELSE 0 END
       FROM (SELECT tableoid AS part, ctid AS place, ${column.column}::text AS id FROM ${column.table}
              WHERE ${column.column} = ANY ($1::text[]::${column.type}[]) LIMIT $3 FOR UPDATE) AS t`,
    [ids, [...erased], limit, column.table],
  )
  return rowCount ?? 0
}

/** Where the rows `t` of the referencing table are those that were picked. */
export const picked = `pg_temp.repair_row AS r
  WHERE t.ctid = r.place AND t.tableoid = r.part AND r.name = $1::regclass::text`

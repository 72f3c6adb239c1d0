import { errorCode, errorMessage } from '@manybase/failure'
import { identifier } from '../install/sql.ts'
import { inTransaction, type Sql } from '../sweep/sql.ts'
import { undoRefused } from './failures.ts'
import { type CopiedColumn, copiedColumns, rowAsText, writeTextsPlainly } from './row-text.ts'

/** Rows that went back into one table, or had a column set again. */
export interface Undone {
  readonly table: string
  readonly action: 'inserted' | 'set'
  readonly rows: number
  /** Rows that are gone, or whose column has another value, since. */
  readonly skipped: number
}

/** Rows of one table that lie in the quarantine one after the other. */
interface Group {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly action: 'deleted' | 'nulled'
  readonly first: string
  readonly last: string
  readonly rows: number
}

/**
 * Puts back what a repair took out, all of it or nothing. Nothing is returned when the quarantine has no such rows.
 * @throws `repair.undo-refused` when a row doesn't fit any more, or names what was deleted meanwhile
 */
export async function undoRepair(b: Sql, run: string): Promise<readonly Undone[]> {
  return await inTransaction(b, async () => {
    await writeTextsPlainly(b)
    await b.query(
      `SELECT count(*) FROM (SELECT FROM integrity.quarantine WHERE run = $1 AND restored_at IS NULL FOR UPDATE) AS entry`,
      [run],
    )
    const undone: Undone[] = []
    for (const group of await readGroups(b, run)) undone.push(await putBack(b, run, group))
    await b.query(
      'UPDATE integrity.quarantine SET restored_at = clock_timestamp() WHERE run = $1 AND restored_at IS NULL',
      [run],
    )
    return undone
  })
}

async function readGroups(b: Sql, run: string): Promise<readonly Group[]> {
  const names = 'schema_name, table_name, column_name, action'
  const { rows } = await b.query<Group>(
    `SELECT schema_name AS schema, table_name AS table, column_name AS column, action,
            min(number)::text AS first, max(number)::text AS last, count(*)::integer AS rows
       FROM (SELECT *, row_number() OVER (ORDER BY number) - row_number() OVER (PARTITION BY ${names} ORDER BY number) AS island
               FROM integrity.quarantine WHERE run = $1 AND restored_at IS NULL) AS entry
      GROUP BY ${names}, island ORDER BY max(number) DESC`,
    [run],
  )
  return rows
}

async function putBack(b: Sql, run: string, group: Group): Promise<Undone> {
  const table = `${identifier(group.schema)}.${identifier(group.table)}`
  try {
    const text =
      group.action === 'deleted' ? await insertion(b, table, run, group) : await setting(b, table, group)
    const { rowCount } = await b.query(text, [run, group.first, group.last])
    const rows = rowCount ?? 0
    const action = group.action === 'deleted' ? 'inserted' : 'set'
    return { table: `${group.schema}.${group.table}`, action, rows, skipped: group.rows - rows }
  } catch (error) {
    const code = errorCode(error) ?? ''
    // Integrity constraints, and what has changed about the table's columns.
    if (!code.startsWith('23') && !code.startsWith('42')) throw error
    throw undoRefused({ table, reason: `The database refuses: ${errorMessage(error)}.` }, error)
  }
}

const entries = `integrity.quarantine AS q
  WHERE q.run = $1 AND q.number BETWEEN $2::bigint AND $3::bigint AND q.restored_at IS NULL`

/** What a row of the quarantine has for a column. */
const kept = (b: Sql, { name, type }: CopiedColumn): string =>
  `(q.row_data ->> ${b.escapeLiteral(name)})::${type}`

/** What a table has got since has its default. */
async function insertion(b: Sql, table: string, run: string, { first }: Group): Promise<string> {
  const { rows } = await b.query<{ names: string[] }>(
    `SELECT ARRAY(SELECT jsonb_object_keys(row_data)) AS names FROM integrity.quarantine WHERE run = $1 AND number = $2`,
    [run, first],
  )
  const names = new Set(rows[0]?.names)
  const columns = (await copiedColumns(b, table)).filter(({ name }) => names.has(name))
  return `INSERT INTO ${table} (${columns.map(({ quoted }) => quoted).join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${columns.map((column) => kept(b, column)).join(', ')} FROM ${entries} ORDER BY q.number DESC`
}

/** Rows are found by their primary key, or else by all the rest. What somebody has set since stays. */
async function setting(b: Sql, table: string, { column }: Group): Promise<string> {
  const columns = await copiedColumns(b, table)
  const emptied = columns.find(({ name }) => name === column)
  // The server says it better: the column is gone.
  if (!emptied) return `SELECT ${identifier(column)} FROM ${table}`
  const { rows } = await b.query<{ name: string }>(
    `SELECT a.attname AS name
       FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = $1::regclass AND i.indisprimary`,
    [table],
  )
  const keys = columns.filter(({ name }) => rows.some((row) => row.name === name))
  const isSame =
    keys.length > 0
      ? keys.map((key) => `t.${key.quoted} = ${kept(b, key)}`).join(' AND ')
      : `${rowAsText(b, 't', columns)} - ${b.escapeLiteral(column)} = q.row_data - ${b.escapeLiteral(column)}`
  return `UPDATE ${table} AS t SET ${emptied.quoted} = ${kept(b, emptied)}
    FROM ${entries} AND t.${emptied.quoted} IS NULL AND ${isSame}`
}

import type { Sql } from '../sweep/sql.ts'

/** A column as a row is copied by it. */
export interface CopiedColumn {
  readonly name: string
  /** Quoted. */
  readonly quoted: string
  /** Its type without a length: a cast to one with it would cut off what is too long. */
  readonly type: string
}

/**
 * The columns that a row is kept by: all but generated ones, which make themselves anew.
 * @param table quoted and with its schema
 */
export async function copiedColumns(b: Sql, table: string): Promise<readonly CopiedColumn[]> {
  const { rows } = await b.query<CopiedColumn>(
    `SELECT attname AS name, quote_ident(attname) AS quoted, format_type(atttypid, -1) AS type
       FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  )
  return rows
}

/**
 * A row as an object of texts. Every type reads its own text back as it was, while JSON's own values don't keep
 * apart a null of JSON and none, nor the digits of a number and the blanks of a document.
 */
export function rowAsText(b: Sql, row: string, columns: readonly CopiedColumn[]): string {
  const names = columns.map(({ name }) => b.escapeLiteral(name))
  const values = columns.map(({ quoted }) => `${row}.${quoted}::text`)
  return `jsonb_object(ARRAY[${names.join(', ')}]::text[], ARRAY[${values.join(', ')}]::text[])`
}

/** Has texts written as any session reads them, until the transaction ends. */
export async function writeTextsPlainly(b: Sql): Promise<void> {
  await b.query(
    `SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1`,
  )
}

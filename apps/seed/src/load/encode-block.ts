import { encodeRow } from '../copy/encode.ts'
import type { Made, SeededDatabase } from '../databases/database.ts'

/** What a block has for each table, in the order in which the tables are to be filled. */
export function encodeBlock(database: SeededDatabase, made: Made, first: number, end: number) {
  const parts = new Map(database.tables.map(({ name }) => [name, { table: name, rows: 0, text: '' }]))
  database.makeBlock(made, first, end, (table, rows) => {
    const part = parts.get(table.name)
    if (!part) throw new TypeError(`${database.name} has no table ${table.name}`)
    part.rows += rows.length
    for (const row of rows) part.text += encodeRow(table, row)
  })
  const encoder = new TextEncoder()
  return [...parts.values()]
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows, text }) => ({ table, rows, bytes: encoder.encode(text) }))
}

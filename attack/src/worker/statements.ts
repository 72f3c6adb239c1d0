import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Row, Table } from '../place/tables.ts'
import type { Statement } from './messages.ts'

/** Writes rows by one kind of statement. @returns how many rows it wrote */
export async function runStatement(
  client: Client,
  table: Table,
  statement: Statement,
  rows: readonly Row[],
): Promise<number> {
  if (statement === 'copy') return await copy(client, table, rows)
  if (statement === 'insert' || statement === 'update') {
    let written = 0
    for (const row of rows) written += await writeOne(client, table, statement, row)
    return written
  }
  const arrays = table.cells.map(({ of }) => rows.map(of))
  return (await client.query(setStatements[statement](table), arrays)).rowCount ?? 0
}

async function writeOne(client: Client, table: Table, statement: 'insert' | 'update', row: Row) {
  const { name, cells, change } = table
  const { rowCount } =
    statement === 'insert'
      ? await client.query(
          `INSERT INTO ${name} (${namesOf(table)}) VALUES (${cells.map(({ type }, i) => `$${i + 1}::${type}`).join(', ')})`,
          cells.map(({ of }) => of(row)),
        )
      : await client.query(`UPDATE ${name} AS t SET ${change('$2')} WHERE t.id = $1`, [row.id, row.values[0]])
  return rowCount ?? 0
}

const namesOf = ({ cells }: Table, prefix = '') => cells.map(({ name }) => prefix + name).join(', ')

/** The rows as a relation, from one array for each cell. */
const sourceOf = (table: Table) =>
  `unnest(${table.cells.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')}) AS s (${namesOf(table)})`

/** The cell that carries the first value. */
const firstOf = ({ cells, columns: [first] }: Table) =>
  cells.find(({ name }) => name === (first.through ?? first.name))?.name ?? first.name

const insertSelect = (table: Table) =>
  `INSERT INTO ${table.name} AS t (${namesOf(table)}) SELECT ${namesOf(table, 's.')} FROM ${sourceOf(table)}`

/** Statements that write all rows at once; the last two insert or change, as it comes. */
const setStatements: Readonly<Record<'select' | 'from' | 'conflict' | 'merge', (table: Table) => string>> = {
  select: insertSelect,
  from: (table) =>
    `UPDATE ${table.name} AS t SET ${table.change(`s.${firstOf(table)}`)} FROM ${sourceOf(table)} WHERE t.id = s.id`,
  conflict: (table) =>
    `${insertSelect(table)} ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${table.change(`excluded.${firstOf(table)}`)}`,
  merge: (table) =>
    `MERGE INTO ${table.name} AS t USING (SELECT * FROM ${sourceOf(table)}) AS s ON t.id = s.id
     WHEN MATCHED THEN UPDATE SET ${table.change(`s.${firstOf(table)}`)}
     WHEN NOT MATCHED THEN INSERT (${namesOf(table)}) VALUES (${namesOf(table, 's.')})`,
}

/** No value has a character that COPY's text format escapes. */
async function copy(client: Client, table: Table, rows: readonly Row[]): Promise<number> {
  const stream = client.query(copyFrom(`COPY ${table.name} (${namesOf(table)}) FROM STDIN`))
  const lines = rows.map((row) => `${table.cells.map(({ of }) => of(row) ?? '\\N').join('\t')}\n`)
  await pipeline(Readable.from(lines), stream)
  return stream.rowCount
}

import type { Client } from 'pg'
import type { Written } from '../book.ts'
import { type Table, tables } from '../place/tables.ts'
import type { Scene } from '../work/scene.ts'
import type { Living, Verdict } from './verdict.ts'
import type { Violation } from './violation.ts'

/** Rows whose commit was confirmed, and which everybody whom they named has outlived. */
export async function findLost(scene: Scene, b: Client, living: Living): Promise<Verdict> {
  const violations: Violation[] = []
  let compared = 0
  for (const table of tables) {
    const there = await readRows(b, table)
    for (const row of scene.book.written.values()) {
      if (row.table !== table.name || !mustStand(scene, table, row, living)) continue
      compared += 1
      const problem = differenceOf(scene, table, row, there.get(row.id), living)
      if (problem === undefined) continue
      const history = row.values.flatMap((id) => (id === null ? [] : scene.book.historyOf(id)))
      violations.push({ kind: 'lost', what: `row ${row.id} of ${table.name}: ${problem}`, history })
    }
  }
  return { checked: { 'rows that had to stand': compared }, violations }
}

async function readRows(
  b: Client,
  { name, columns }: Table,
): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const { rows } = await b.query<{ id: string; values: (string | null)[] }>(
    `SELECT id::text AS id, ARRAY[${columns.map((column) => `${column.name}::text`).join(', ')}] AS values FROM ${name}`,
  )
  return new Map(rows.map(({ id, values }) => [id, values]))
}

/** Whether this one lives, and is the same as when the row was written. */
function isSame({ people }: Scene, table: Table, row: Written, index: number, living: Living): boolean {
  const [column, id] = [table.columns[index], row.values[index] ?? null]
  if (!column || id === null) return false
  return living[column.target].has(id) && people.find(column.target, id)?.life === row.lives[index]
}

const mustStand = (scene: Scene, table: Table, row: Written, living: Living): boolean =>
  table.columns.every(
    ({ onDelete }, index) => onDelete === 'SetNull' || isSame(scene, table, row, index, living),
  )

function differenceOf(
  scene: Scene,
  table: Table,
  row: Written,
  there: readonly (string | null)[] | undefined,
  living: Living,
): string | undefined {
  if (!there) return `it is gone, though it was committed and names ${row.values.join(', ')}`
  const index = row.values.findIndex(
    (value, at) => value !== there[at] && isSame(scene, table, row, at, living),
  )
  if (index < 0) return undefined
  return `${table.columns[index]?.name} is ${there[index]}, and ${row.values[index]} was committed, who lives`
}

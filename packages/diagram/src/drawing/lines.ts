import type { DatabaseSchema, Reference, Table } from '@manybase/app-validation'
import type { Line } from './drawing.ts'
import { boxId, sqlAction } from './names.ts'

type ForeignKey = Table['foreignKeys'][number]

/** The foreign keys inside one database; one of several columns is drawn between the first of them. */
export const foreignKeyLines = ({ database, tables }: DatabaseSchema): readonly Line[] =>
  tables.flatMap((table) => table.foreignKeys.map((key) => foreignKeyLine(database, table, key)))

function foreignKeyLine(database: string, table: Table, key: ForeignKey): Line {
  const { name, columns, target, onDelete, onUpdate } = key
  const from = boxId(database, table)
  const to = boxId(database, { schema: target.schema, name: target.table })
  return {
    id: `${from}.${name}`,
    kind: 'foreign key',
    referenced: `${to}.${target.columns[0]}`,
    referencing: `${from}.${columns[0]}`,
    onDelete,
    isUnique: isUnique(table, columns),
    title: [
      `${name}: ${table.name} (${columns.join(', ')}) → ${target.table} (${target.columns.join(', ')})`,
      `ON DELETE ${sqlAction(onDelete)} ON UPDATE ${sqlAction(onUpdate)}`,
    ].join('\n'),
  }
}

export function referenceLines({ database, schema, table, column, target, onDelete }: Reference): Line {
  const from = `${boxId(database, { schema, name: table })}.${column}`
  const to = `${boxId(target.database, { schema: target.schema, name: target.table })}.${target.column}`
  return {
    id: `${from} → ${to}`,
    kind: 'reference',
    referenced: to,
    referencing: from,
    onDelete,
    isUnique: false,
    title: `${from} → ${to}\non delete: ${onDelete} (across databases)`,
  }
}

/** Ids of the rows that a line begins or ends at. */
export const touchedRows = (lines: readonly Line[]): ReadonlySet<string> =>
  new Set(lines.flatMap(({ referenced, referencing }) => [referenced, referencing]))

const isUnique = ({ indexes }: Table, columns: readonly string[]): boolean =>
  indexes.some(
    (index) =>
      index.kind !== 'index' &&
      index.columns.length > 0 &&
      index.columns.every(({ name }) => columns.includes(name)),
  )

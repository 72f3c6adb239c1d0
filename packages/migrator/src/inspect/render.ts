import type { QueryResultRow } from 'pg'
import { renderTable } from '../report/table.ts'
import type { DatabaseView, TableView } from './inspect.ts'

/** A database as psql's \dt+ and version() would show it, and as \di when indexes are asked for. */
export function renderDatabase(
  { database, server, tables, indexes }: DatabaseView,
  withIndexes: boolean,
): string[] {
  return [
    `${database}: ${tables.length} tables, ${indexes.length} indexes`,
    server,
    '',
    ...(withIndexes
      ? section(indexes, ['table', 'name', 'primary', 'unique', 'valid'])
      : section(tables, ['name', 'kind', 'rows', 'size', 'indexes', 'comment'])),
  ]
}

/** A table as psql's \d+ would show it. */
export function renderTableView({
  database,
  table,
  columns,
  indexes,
  constraints,
  triggers,
}: TableView): string[] {
  return [
    `${database}: ${table}`,
    '',
    ...section(columns, ['name', 'type', 'nullable', 'default', 'comment']),
    ...listed('indexes', indexes, ({ definition }) => String(definition)),
    ...listed('constraints', constraints, ({ on, name, definition }) => `${on}.${name}: ${definition}`),
    ...listed(
      'triggers',
      triggers,
      ({ definition, enabled }) => `${definition}${enabled ? '' : ' (disabled)'}`,
    ),
  ]
}

const section = (rows: readonly QueryResultRow[], keys: readonly string[]): string[] => [
  ...renderTable([keys, ...rows.map((row) => keys.map((key) => cell(row[key])))]),
  '',
]

const cell = (value: unknown): string =>
  value === null || value === undefined ? '' : value === true ? 'yes' : value === false ? 'no' : String(value)

const listed = (
  title: string,
  rows: readonly QueryResultRow[],
  text: (row: QueryResultRow) => string,
): string[] => (rows.length === 0 ? [] : [title, ...rows.map((row) => `  ${text(row)}`), ''])

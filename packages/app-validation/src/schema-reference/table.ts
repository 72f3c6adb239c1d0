import {
  type Column,
  type DatabaseSchema,
  type ForeignKey,
  type Index,
  qualifiedName,
  type Table,
} from '../prisma-schema/schema.ts'
import { commentOf } from '../references/annotation.ts'
import type { Reference } from '../references/reference.ts'
import { code, codes, paragraphs, table } from './markdown.ts'

export function renderTable(
  subject: Table,
  { database, tables }: DatabaseSchema,
  references: readonly Reference[],
): string {
  const leaving = references.filter((reference) => isFrom(reference, database, subject))
  const arriving = references.filter(({ target }) => isFrom(target, database, subject))
  return paragraphs(
    `## ${qualifiedName(subject)}`,
    subject.documentation,
    table(['column', 'type', 'null', 'default', 'comment'], subject.columns.map(columnRow)),
    section('Foreign keys', foreignKeyTable(subject.foreignKeys)),
    section('References to other databases', leavingTable(leaving)),
    section('Referenced by', arrivingTable(arriving, incomingKeys(subject, tables))),
    section('Keys and indexes', indexTable(subject.indexes)),
  )
}

const section = (heading: string, body: string | undefined): string | undefined =>
  body === undefined ? undefined : `### ${heading}\n\n${body}`

const columnRow = (column: Column): readonly string[] => [
  code(column.name),
  code(column.isList ? `${column.type}[]` : column.type),
  // Of a list the schema cannot say it; Prisma Client reads and writes none as an empty one.
  column.isRequired ? 'no' : 'yes',
  defaultCell(column),
  commentOf(column),
]

function defaultCell({ default: sql, clientDefault }: Column): string {
  const client = clientDefault === null ? [] : [`${code(clientDefault)} by Prisma Client`]
  return [...(sql === null ? [] : [code(sql)]), ...client].join(', ')
}

function foreignKeyTable(keys: readonly ForeignKey[]): string | undefined {
  if (keys.length === 0) return undefined
  const rows = keys.map(({ name, columns, target, onDelete, onUpdate }) => [
    code(name),
    codes(columns),
    `${code(qualifiedName({ schema: target.schema, name: target.table }))} (${codes(target.columns)})`,
    actionName(onDelete),
    actionName(onUpdate),
  ])
  return table(['name', 'columns', 'references', 'on delete', 'on update'], rows)
}

/** `SetNull` as SQL writes it. */
const actionName = (action: string): string => action.replace(/(?<=[a-z])[A-Z]/g, ' $&').toUpperCase()

function leavingTable(references: readonly Reference[]): string | undefined {
  if (references.length === 0) return undefined
  const rows = references.map(({ column, target, onDelete }) => [
    code(column),
    code(fullName(target)),
    onDelete,
  ])
  return table(['column', 'references', 'on delete'], rows)
}

interface IncomingKey {
  readonly from: string
  readonly onDelete: string
}

function arrivingTable(references: readonly Reference[], keys: readonly IncomingKey[]): string | undefined {
  const rows = [
    ...keys.map(({ from, onDelete }) => [code(from), 'foreign key', actionName(onDelete)]),
    ...references.map((reference) => [code(fullName(reference)), 'across databases', reference.onDelete]),
  ]
  return rows.length === 0 ? undefined : table(['column', 'by', 'on delete'], rows)
}

const incomingKeys = (subject: Table, tables: readonly Table[]): readonly IncomingKey[] =>
  tables.flatMap((other) =>
    other.foreignKeys
      .filter(({ target }) => target.table === subject.name && target.schema === subject.schema)
      .map(({ columns, onDelete }) => ({ from: `${qualifiedName(other)}.${columns.join('+')}`, onDelete })),
  )

function indexTable(indexes: readonly Index[]): string | undefined {
  if (indexes.length === 0) return undefined
  const rows = indexes.map(({ name, kind, method, columns }) => [
    code(name),
    kind,
    method,
    columns.map(indexColumn).join(', '),
  ])
  return table(['name', 'kind', 'method', 'columns'], rows)
}

const indexColumn = ({ name, isDescending, operatorClass }: Index['columns'][number]): string =>
  code([name, operatorClass ?? [], isDescending ? 'DESC' : []].flat().join(' '))

type Located = Pick<Reference['target'], 'database' | 'schema' | 'table' | 'column'>

const isFrom = (located: Located, database: string, { schema, name }: Table): boolean =>
  located.database === database && located.schema === schema && located.table === name

const fullName = ({ database, schema, table, column }: Located): string =>
  [database, schema ?? [], table, column].flat().join('.')

import {
  commentOf,
  type DatabaseSchema,
  primaryKeyOf,
  qualifiedName,
  type Reference,
  type Table,
} from '@manybase/app-validation'
import type { Box, Mark, Note, Row } from './drawing.ts'
import type { Model } from './model.ts'
import { boxId, counted } from './names.ts'

type Column = Table['columns'][number]

/**
 * The box of one table.
 * @param touched ids of rows; when given, only these and the primary key are shown, and the others are counted
 */
export function drawBox(
  { references, groupOf }: Model,
  schema: DatabaseSchema,
  table: Table,
  touched?: ReadonlySet<string>,
): Box {
  const id = boxId(schema.database, table)
  const name = qualifiedName(table)
  const key = primaryKeyOf(table)
  const isShown = (column: Column) =>
    touched === undefined || touched.has(`${id}.${column.name}`) || key.includes(column.name)
  const leaving = references.filter((reference) => isOf(reference, schema.database, table))
  const arriving = references.filter(({ target }) => isOf(target, schema.database, table))
  const group = groupOf(schema.database, name)
  return {
    id,
    name,
    title: [`${name}: ${table.documentation || 'table'}`, group ?? []].flat().join('\n'),
    group,
    rows: table.columns.filter(isShown).map((column) => drawRow(id, schema, table, column, leaving)),
    notes: touched ? omissions(table.columns.filter((column) => !isShown(column))) : told(leaving, arriving),
  }
}

function drawRow(
  id: string,
  { enums }: DatabaseSchema,
  table: Table,
  column: Column,
  leaving: readonly Reference[],
): Row {
  const values = enums.find(({ name }) => name === column.type)?.values.map(({ name }) => name)
  const reference = leaving.find((each) => each.column === column.name)
  const comment = commentOf(column)
  const element = column.isList ? `${column.type}[]` : column.type
  return {
    id: `${id}.${column.name}`,
    name: column.name,
    type: column.isRequired ? element : `${element}?`,
    marks: marksOf(table, column, reference !== undefined),
    comment,
    title: [
      [column.name, element, column.isRequired ? 'NOT NULL' : [], defaultOf(column)].flat().join(' '),
      comment || [],
      values ? `one of ${values.join(', ')}` : [],
      reference ? `${targetOf(reference)}, on delete: ${reference.onDelete}` : [],
    ]
      .flat()
      .join('\n'),
  }
}

const defaultOf = (column: Column): string | readonly string[] =>
  column.default === null ? [] : `DEFAULT ${column.default}`

function marksOf({ indexes, foreignKeys }: Table, { name }: Column, refers: boolean): readonly Mark[] {
  const holding = (kind: 'primary key' | 'unique') =>
    indexes.filter((index) => index.kind === kind && index.columns.some((column) => column.name === name))
  const key = (kind: 'primary key' | 'unique'): readonly Mark[] => {
    const sizes = holding(kind).map(({ columns }) => columns.length)
    return sizes.length === 0 ? [] : [{ kind, isPart: Math.min(...sizes) > 1 }]
  }
  const sizes = foreignKeys
    .filter(({ columns }) => columns.includes(name))
    .map(({ columns }) => columns.length)
  return [
    ...key('primary key'),
    ...(sizes.length === 0 ? [] : [{ kind: 'foreign key', isPart: Math.min(...sizes) > 1 } as const]),
    ...(refers ? [{ kind: 'reference', isPart: false } as const] : []),
    ...key('unique'),
  ]
}

const omissions = (columns: readonly Column[]): readonly Note[] =>
  columns.length === 0
    ? []
    : [
        {
          kind: 'omission',
          text: `+ ${counted(columns.length, 'column')}`,
          title: columns.map(({ name, type, isList }) => `${name} ${type}${isList ? '[]' : ''}`).join('\n'),
        },
      ]

const told = (leaving: readonly Reference[], arriving: readonly Reference[]): readonly Note[] => [
  ...leaving.map(
    (reference): Note => ({
      kind: 'reference',
      text: `${reference.column} → ${targetOf(reference)} · ${reference.onDelete}`,
      title: `Reference across databases, on delete: ${reference.onDelete}`,
    }),
  ),
  ...[...Map.groupBy(arriving, ({ target, database }) => `${target.column} ← ${database}`)].map(
    ([from, all]): Note => ({
      kind: 'reference',
      text: `${from} · ${counted(all.length, 'reference')}`,
      title: all
        .map(({ table, column, onDelete }) => `${table}.${column}, on delete: ${onDelete}`)
        .join('\n'),
    }),
  ),
]

const targetOf = ({ target: { database, schema, table, column } }: Reference): string =>
  `${boxId(database, { schema, name: table })}.${column}`

type Located = Pick<Reference['target'], 'database' | 'schema' | 'table'>

const isOf = (located: Located, database: string, { schema, name }: Table): boolean =>
  located.database === database && located.schema === schema && located.table === name

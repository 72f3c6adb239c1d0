import type { Datamodel, Field, Model } from '@prisma/dmmf'
import { readColumn, readUnsupportedColumn } from './column.ts'
import { defaultName } from './names.ts'
import type { Block, Member } from './scan.ts'
import type { Column, ForeignKey, Index, Table } from './schema.ts'

export function readTable(model: Model, block: Block, datamodel: Datamodel, hasForeignKeys: boolean): Table {
  const columns = readColumns(model, block, datamodel)
  const relations = hasForeignKeys ? model.fields.filter(holdsForeignKey) : []
  return {
    model: model.name,
    schema: model.schema,
    name: tableName(model),
    documentation: model.documentation ?? '',
    position: block.position,
    columns,
    foreignKeys: relations.map((relation) => readForeignKey(relation, model, block, datamodel)),
    indexes: datamodel.indexes
      .filter((index) => index.model === model.name)
      .map((index) => readIndex(index, tableName(model), columns)),
  }
}

const tableName = ({ name, dbName }: Model): string => dbName ?? name

/** In the order of the file, which is that of the table. */
function readColumns(model: Model, { members }: Block, datamodel: Datamodel): readonly Column[] {
  return members.flatMap((member) => {
    const field = model.fields.find(({ name }) => name === member.name)
    if (field?.kind === 'object') return []
    const column = field ? readColumn(field, member, datamodel) : readUnsupportedColumn(member)
    return column ? [column] : []
  })
}

const holdsForeignKey = ({ relationFromFields }: Field): boolean => (relationFromFields ?? []).length > 0

function readForeignKey(relation: Field, model: Model, block: Block, { models }: Datamodel): ForeignKey {
  const target = models.find(({ name }) => name === relation.type)
  if (target === undefined) throw new TypeError(`Relation ${relation.name} leads to no model.`)
  const columns = (relation.relationFromFields ?? []).map(columnName(model))
  const member = block.members.find(({ name }) => name === relation.name)
  return {
    name: mappedName(member) ?? defaultName(tableName(model), columns, '_fkey'),
    columns,
    target: {
      schema: target.schema,
      table: tableName(target),
      columns: (relation.relationToFields ?? []).map(columnName(target)),
    },
    // Prisma's defaults: what is required cannot be set null.
    onDelete: relation.relationOnDelete ?? (relation.isRequired ? 'Restrict' : 'SetNull'),
    onUpdate: relation.relationOnUpdate ?? 'Cascade',
  }
}

const mappedName = (member: Member | undefined): string | undefined =>
  /@relation\(.*\bmap:\s*"([^"]+)"/.exec(member?.code ?? '')?.[1]

const columnName =
  ({ fields }: Model) =>
  (field: string): string =>
    fields.find(({ name }) => name === field)?.dbName ?? field

const kinds = { id: 'primary key', unique: 'unique', normal: 'index', fulltext: 'index' } as const
const suffixes = { id: '_pkey', unique: '_key', normal: '_idx', fulltext: '_idx' } as const

function readIndex(index: Datamodel['indexes'][number], table: string, columns: readonly Column[]): Index {
  const indexColumns = index.fields.map(({ name, sortOrder, operatorClass }) => ({
    name: columns.find(({ field }) => field === name)?.name ?? name,
    isDescending: sortOrder === 'desc',
    operatorClass: operatorClass === undefined ? null : snakeCase(operatorClass),
  }))
  const names = indexColumns.map(({ name }) => name)
  return {
    name: index.dbName ?? defaultName(table, names, suffixes[index.type]),
    kind: kinds[index.type],
    method: index.algorithm?.toLowerCase() ?? 'btree',
    columns: indexColumns,
  }
}

/** Prisma writes `JsonbPathOps` for PostgreSQL's `jsonb_path_ops`. */
const snakeCase = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase()

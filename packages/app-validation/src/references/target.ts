import type { Column, DatabaseSchema, Position, Table } from '../prisma-schema/schema.ts'
import { baseType } from '../prisma-schema/type.ts'
import type { WrittenTarget } from './annotation.ts'
import type { ReferenceFinding } from './findings.ts'
import * as findings from './findings.ts'
import type { ReferencedColumn } from './reference.ts'

interface Referencing {
  readonly position: Position
  readonly name: string
  readonly type: string
}

/** Looks the target up in the schema of its database: it exists, is a key, and has the same type. */
export function resolveTarget(
  schemas: readonly DatabaseSchema[],
  { position, name, type }: Referencing,
  written: WrittenTarget,
): ReferencedColumn | ReferenceFinding {
  const target = { column: name, target: writtenName(written) }

  const schema = schemas.find(({ database }) => database === written.database)
  if (!schema) {
    return findings.unknownDatabase(position, { ...target, known: schemas.map(({ database }) => database) })
  }
  const [table, ...homonyms] = schema.tables.filter((candidate) => isMeant(candidate, written))
  if (!table) return findings.unknownTable(position, target)
  if (homonyms.length > 0) {
    const among = [table, ...homonyms].map(({ schema }) => schema ?? 'the one of the connection')
    return findings.ambiguousTable(position, { ...target, schemas: among })
  }
  const column = table.columns.find((candidate) => candidate.name === written.column)
  if (!column) {
    return findings.unknownColumn(position, { ...target, known: table.columns.map(({ name }) => name) })
  }
  if (!isUnique(table, column)) return findings.targetNotUnique(position, target)
  if (baseType(column.type) !== baseType(type)) {
    return findings.typeMismatch(position, { ...target, type, targetType: column.type })
  }
  return { database: schema.database, schema: table.schema, table: table.name, column: column.name }
}

export const writtenName = ({ database, schema, table, column }: WrittenTarget): string =>
  [database, schema ?? [], table, column].flat().join('.')

const isMeant = (table: Table, { schema, table: name }: WrittenTarget): boolean =>
  table.name === name && (schema === null || schema === table.schema)

const isUnique = ({ indexes }: Table, { name }: Column): boolean =>
  indexes.some(({ kind, columns }) => kind !== 'index' && columns.length === 1 && columns[0]?.name === name)

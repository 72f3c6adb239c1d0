import { type DatabaseSchema, qualifiedName } from '@manybase/app-validation'
import { drawBox } from './box.ts'
import type { Drawing } from './drawing.ts'
import { foreignKeyLines, referenceLines, touchedRows } from './lines.ts'
import type { Model } from './model.ts'

/** One database with every column; references that leave or reach it are told below their tables. */
export function drawDatabase(model: Model, schema: DatabaseSchema): Drawing {
  const { database, tables } = schema
  return {
    title: database,
    description: `The ${tables.length} tables of ${database} with their columns and foreign keys.`,
    areas: [{ database, boxes: tables.map((table) => drawBox(model, schema, table)) }],
    lines: foreignKeyLines(schema),
    groups: groupsOf(model, [schema]),
  }
}

/** All databases with their keys alone, and the references between them. */
export function drawAll(model: Model): Drawing {
  const { schemas, references } = model
  const lines = [...schemas.flatMap(foreignKeyLines), ...references.map(referenceLines)]
  const touched = touchedRows(lines)
  const names = schemas.map(({ database }) => database)
  return {
    title: names.join(', '),
    description: `The keys of ${listed(names)}, their foreign keys, and the references between the databases.`,
    areas: schemas.map((schema) => ({
      database: schema.database,
      boxes: schema.tables.map((table) => drawBox(model, schema, table, touched)),
    })),
    lines,
    groups: groupsOf(model, schemas),
  }
}

const groupsOf = ({ groupOf }: Model, schemas: readonly DatabaseSchema[]): readonly string[] => {
  const groups = schemas.flatMap(({ database, tables }) =>
    tables.flatMap((table) => groupOf(database, qualifiedName(table)) ?? []),
  )
  return [...new Set(groups)].sort()
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

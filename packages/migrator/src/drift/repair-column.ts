import type { DatabaseObject } from '../snapshot/object.ts'

/** A column as it stands in CREATE TABLE. */
export function columnSql({ name, definition }: DatabaseObject): string {
  const { type, collation, required, identity, generated } = definition
  return [
    name,
    String(type),
    ...(collation === undefined ? [] : [`COLLATE ${String(collation)}`]),
    ...(identity === undefined ? [] : [`GENERATED ${String(identity)} AS IDENTITY`]),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${String(generated)}) STORED`]),
    ...(definition.default === undefined ? [] : [`DEFAULT ${String(definition.default)}`]),
    ...(required === true ? ['NOT NULL'] : []),
  ].join(' ')
}

export const addColumn = (column: DatabaseObject): string =>
  `ALTER TABLE ${column.parent} ADD COLUMN ${columnSql(column)}`

/** Undefined for a field that only a new column can have. */
export function changeColumn(
  { name, parent, definition }: DatabaseObject,
  field: string,
): readonly string[] | undefined {
  const alter = `ALTER TABLE ${parent} ALTER COLUMN ${name}`
  switch (field) {
    case 'type':
      return [`${alter} TYPE ${String(definition.type)} USING ${name}::${String(definition.type)}`]
    case 'required':
      return [`${alter} ${definition.required === true ? 'SET' : 'DROP'} NOT NULL`]
    case 'default':
      return [
        definition.default === undefined
          ? `${alter} DROP DEFAULT`
          : `${alter} SET DEFAULT ${String(definition.default)}`,
      ]
    default:
      return undefined
  }
}

import type { Reference, ReferencedColumn } from './reference.ts'

/** A referenced column with the PostgreSQL schema that its database's URL chooses, where the model names none. */
export interface PlacedColumn extends ReferencedColumn {
  readonly schema: string
}

/** A reference both ends of which have their PostgreSQL schema. */
export interface PlacedReference extends Reference {
  readonly schema: string
  readonly target: PlacedColumn
}

/** @param schemaOf the schema that the URL of a database chooses */
export function placeReference(
  reference: Reference,
  schemaOf: (database: string) => string,
): PlacedReference {
  const { target } = reference
  return {
    ...reference,
    schema: reference.schema ?? schemaOf(reference.database),
    target: { ...target, schema: target.schema ?? schemaOf(target.database) },
  }
}

/** How the tables of the schema `integrity` name a referenced column: `public.users.id`. */
export const targetName = ({ schema, table, column }: Omit<PlacedColumn, 'database'>): string =>
  `${schema}.${table}.${column}`

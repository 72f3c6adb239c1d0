import type { Node, RangeVar } from 'libpg-query'

/** A table as a statement names it; without a schema it is found by the search path, in the history's own. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/** Its place in maps; both parts as PostgreSQL has them, unquoted. */
export const keyOf = ({ schema, table }: TableName): string => JSON.stringify([schema, table])

export const nameOf = ({ schemaname, relname }: RangeVar, ownSchema: string): TableName => ({
  schema: schemaname ?? ownSchema,
  table: relname ?? '',
})

/** The strings of a dotted name: `schema.table`, or a function's. */
export const partsOf = (node: Node | undefined): readonly string[] => {
  if (!node) return []
  if ('String' in node) return [node.String.sval ?? '']
  return 'List' in node ? (node.List.items ?? []).flatMap(partsOf) : []
}

export function nameOfObject(node: Node, ownSchema: string): TableName {
  const [table = '', schema = ownSchema] = partsOf(node).toReversed()
  return { schema, table }
}

/** The same as a relation. */
export function relationOf(node: Node): RangeVar {
  const [relname = '', schemaname] = partsOf(node).toReversed()
  return { relname, ...(schemaname !== undefined && { schemaname }) }
}

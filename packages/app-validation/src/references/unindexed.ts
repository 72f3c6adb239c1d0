import { type DatabaseSchema, qualifiedName, type Table } from '../prisma-schema/schema.ts'
import { type ReferenceFinding, unindexed } from './findings.ts'
import type { DeclaredReference } from './reference.ts'

/** References whose column leads no index: every deletion would read their whole table, more than once. */
export function findUnindexed(
  { tables }: DatabaseSchema,
  references: readonly DeclaredReference[],
): readonly ReferenceFinding[] {
  return references.flatMap(({ schema, table: name, column, position }) => {
    const table = tables.find((candidate) => candidate.schema === schema && candidate.name === name)
    if (!table || leadsAnIndex(table, column)) return []
    return unindexed(position, { column: `${qualifiedName(table)}.${column}` })
  })
}

const equality: readonly string[] = ['btree', 'hash']

const leadsAnIndex = ({ indexes }: Table, column: string): boolean =>
  indexes.some(({ method, columns }) => equality.includes(method) && columns[0]?.name === column)

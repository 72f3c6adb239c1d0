import { type DatabaseSchema, type ForeignKey, qualifiedName, type Table } from '../prisma-schema/schema.ts'
import { cascadeBlocked, type ReferenceFinding } from './findings.ts'
import type { DeclaredReference } from './reference.ts'

const blocking: readonly string[] = ['Restrict', 'NoAction']

/**
 * Foreign keys that keep a cascade from its end: rows of the table would be deleted, or of one that goes with it, and
 * the key forbids that. Found here, and not by a sweep at night.
 */
export function findBlockedCascades(
  { database, tables }: DatabaseSchema,
  references: readonly DeclaredReference[],
): readonly ReferenceFinding[] {
  return references
    .filter((reference) => reference.database === database && reference.onDelete === 'Cascade')
    .flatMap((reference) => {
      const table = tables.find(({ schema, name }) => schema === reference.schema && name === reference.table)
      const blocked = table && keysBelow(tables, table).filter(({ key }) => blocking.includes(key.onDelete))
      return (blocked ?? []).map(({ child, key }) =>
        cascadeBlocked(reference.position, {
          column: `${qualifiedName({ schema: reference.schema, name: reference.table })}.${reference.column}`,
          table: qualifiedName(child),
          constraint: key.name,
          onDelete: key.onDelete,
        }),
      )
    })
}

interface KeyBelow {
  readonly child: Table
  readonly key: ForeignKey
}

/** The foreign keys to a table, and to those whose rows go with its rows. */
function keysBelow(tables: readonly Table[], start: Table): readonly KeyBelow[] {
  const found: KeyBelow[] = []
  const deleted = new Set([start])
  for (const table of deleted) {
    for (const child of tables) {
      for (const key of child.foreignKeys.filter(({ target }) => isTo(table, target))) {
        found.push({ child, key })
        if (key.onDelete === 'Cascade') deleted.add(child)
      }
    }
  }
  return found
}

const isTo = ({ schema, name }: Table, target: ForeignKey['target']): boolean =>
  target.schema === schema && target.table === name

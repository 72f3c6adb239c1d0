import type { DatabaseSchema, Position } from '../prisma-schema/schema.ts'
import { mentionsAnnotation } from './annotation.ts'
import { findBlockedCascades } from './cascade.ts'
import { misplaced, type ReferenceFinding } from './findings.ts'
import { type Outcome, readColumn } from './read-column.ts'
import type { DeclaredReference } from './reference.ts'
import { findUnindexed } from './unindexed.ts'

export interface ReferenceCatalog {
  /** Every sound reference, in the order of the databases, tables and columns. */
  readonly references: readonly DeclaredReference[]
  /** Empty when every annotation is sound and no column is undeclared; in the order of the files. */
  readonly findings: readonly ReferenceFinding[]
}

/**
 * Collects the references between databases from the annotations of their schemas, and everything that is
 * wrong with them. Pure; the result is frozen.
 * @param of the databases whose annotations are meant, if not all: the others are only referred to
 */
export function resolveReferences(
  schemas: readonly DatabaseSchema[],
  of: readonly string[] = schemas.map(({ database }) => database),
): ReferenceCatalog {
  const outcomes = schemas
    .filter(({ database }) => of.includes(database))
    .map((schema) => readDatabase(schemas, schema))
  return Object.freeze({
    references: Object.freeze(outcomes.flatMap(({ references }) => references)),
    findings: Object.freeze(outcomes.flatMap(({ findings }) => findings)),
  })
}

function readDatabase(schemas: readonly DatabaseSchema[], schema: DatabaseSchema): ReferenceCatalog {
  const outcomes: readonly Outcome[] = schema.tables.flatMap((table) =>
    table.columns.map((column) => readColumn(schemas, schema, table, column)),
  )
  const astray = schema.otherComments
    .filter(mentionsAnnotation)
    .map(({ text, position }) => misplaced(position, { text: text.trim() }))
  const references = outcomes.flatMap(({ reference }) => reference ?? [])
  const findings = [
    ...outcomes.flatMap(({ findings }) => findings),
    ...findBlockedCascades(schema, references),
    ...findUnindexed(schema, references),
    ...astray,
  ]
  return { references, findings: findings.sort(inFileOrder) }
}

const inFileOrder = (a: { position: Position }, b: { position: Position }): number =>
  a.position.file.localeCompare(b.position.file) ||
  a.position.line - b.position.line ||
  a.position.column - b.position.column

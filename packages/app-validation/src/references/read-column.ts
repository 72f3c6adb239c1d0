import {
  type Column,
  type DatabaseSchema,
  primaryKeyOf,
  qualifiedName,
  type Table,
} from '../prisma-schema/schema.ts'
import { baseType } from '../prisma-schema/type.ts'
import { mentionsAnnotation, parseAnnotation } from './annotation.ts'
import type { ReferenceFinding } from './findings.ts'
import * as findings from './findings.ts'
import type { DeclaredReference } from './reference.ts'
import { resolveTarget, writtenName } from './target.ts'

/** A column without a reference, a sound reference, or what is wrong. */
export interface Outcome {
  readonly reference?: DeclaredReference
  readonly findings: readonly ReferenceFinding[]
}

/** Types whose values are equal exactly when their texts are, whatever the settings of a session. */
const keyTypes = new Set(['uuid', 'smallint', 'integer', 'bigint', 'text', 'varchar', 'char'])

const refused = (finding: ReferenceFinding): Outcome => ({ findings: [finding] })
const nothing: Outcome = { findings: [] }

/** Reads the annotation of one column, and holds it to the column and to what it refers to. */
export function readColumn(
  schemas: readonly DatabaseSchema[],
  { database }: DatabaseSchema,
  table: Table,
  column: Column,
): Outcome {
  const name = `${qualifiedName(table)}.${column.name}`
  const [comment, second] = column.documentation.filter(mentionsAnnotation)
  if (comment === undefined) {
    return mustDeclare(table, column)
      ? refused(findings.undeclared(column.position, { column: name }))
      : nothing
  }
  const { position } = comment
  if (second) return refused(findings.repeated(second.position, { column: name }))

  const annotation = parseAnnotation(comment)
  if (annotation === undefined || annotation.kind === 'none') return nothing
  if (annotation.kind === 'malformed') {
    return refused(findings.malformed(position, { text: comment.text.trim(), problem: annotation.problem }))
  }
  if (annotation.kind === 'unknown action') {
    return refused(findings.unknownAction(position, { column: name, action: annotation.action }))
  }
  const { onDelete, target: written } = annotation
  if (hasForeignKey(table, column)) return refused(findings.foreignKeyExists(position, { column: name }))
  if (column.isList) return refused(findings.onList(position, { column: name }))
  if (onDelete === 'SetNull' && column.isRequired) {
    return refused(findings.setNullOnRequired(position, { column: name }))
  }
  if (written.database === database) {
    return refused(findings.sameDatabase(position, { column: name, target: writtenName(written) }))
  }
  const target = resolveTarget(schemas, { position, name, type: column.type }, written)
  if ('kind' in target) return refused(target)
  if (!keyTypes.has(baseType(column.type))) {
    return refused(findings.keyType(position, { column: name, type: column.type }))
  }
  const reference: DeclaredReference = {
    database,
    schema: table.schema,
    table: table.name,
    column: column.name,
    model: table.model,
    field: column.field,
    target: Object.freeze(target),
    onDelete,
    required: column.isRequired,
    type: column.type,
    position: Object.freeze(position),
  }
  return { reference: Object.freeze(reference), findings: [] }
}

/**
 * A uuid nearly always names a row of something. A key that stands alone names its own row; the members of a
 * composite key are references themselves.
 */
function mustDeclare(table: Table, column: Column): boolean {
  const [key, ...others] = primaryKeyOf(table)
  const isOwnKey = key === column.name && others.length === 0
  return column.type === 'uuid' && !isOwnKey && !hasForeignKey(table, column)
}

const hasForeignKey = ({ foreignKeys }: Table, { name }: Column): boolean =>
  foreignKeys.some(({ columns }) => columns.includes(name))

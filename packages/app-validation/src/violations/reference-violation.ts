import { constraintName } from '../references/constraint-name.ts'
import type { Reference, ReferencedColumn } from '../references/reference.ts'
import { type FieldProblem, type Problem, problemType } from './problem.ts'

/** One reference that a write broke, with the values that name no row; empty where the database didn't say which. */
export interface BrokenReference {
  readonly reference: Reference
  readonly values: readonly string[]
}

/** `missing`: no such row was found before the write. `deleted`: the fence refused an id that was deleted. */
export type ViolationKind = 'missing' | 'deleted'

/**
 * A write names a row of another database that isn't there. Reads like Prisma's P2003, which a foreign key inside one
 * database gives. The properties speak of the first broken reference; `broken` has all of the write.
 */
export class ReferenceViolation extends Error {
  override readonly name = 'ReferenceViolation'
  readonly code = 'P2003'
  readonly kind: ViolationKind
  /** The referencing side, in PostgreSQL's names. */
  readonly database: string
  readonly table: string
  readonly column: string
  /** The same in Prisma's names. */
  readonly model: string
  readonly field: string
  readonly constraint: string
  readonly target: ReferencedColumn
  readonly values: readonly string[]
  readonly broken: readonly BrokenReference[]

  constructor(
    kind: ViolationKind,
    first: BrokenReference,
    others: readonly BrokenReference[] = [],
    cause?: unknown,
  ) {
    super(messageOf(kind, [first, ...others]), cause === undefined ? undefined : { cause })
    const { reference } = first
    this.kind = kind
    this.database = reference.database
    this.table = reference.table
    this.column = reference.column
    this.model = reference.model
    this.field = reference.field
    this.constraint = constraintName(reference)
    this.target = reference.target
    this.values = first.values
    this.broken = [first, ...others]
  }

  /** 422 for a value that names nothing; 409 for one whose row was deleted while the request was on its way. */
  toProblem(): Problem {
    return {
      type: problemType(`reference-${this.kind}`),
      title: this.kind === 'missing' ? 'A reference names no row' : 'A reference names a deleted row',
      status: this.kind === 'missing' ? 422 : 409,
      detail: this.broken.map((one) => describe(this.kind, one)).join(' '),
      retryable: false,
      errors: this.broken.map(
        ({ reference, values }): FieldProblem => ({
          model: reference.model,
          field: reference.field,
          constraint: constraintName(reference),
          values,
        }),
      ),
    }
  }
}

/** Known by its shape, since a test runner's realm and a second copy of this package have classes of their own. */
export const isReferenceViolation = (error: unknown): error is ReferenceViolation =>
  error instanceof Error && error.name === 'ReferenceViolation' && 'broken' in error

function messageOf(kind: ViolationKind, broken: readonly BrokenReference[]): string {
  const names = broken.map(({ reference }) => `\`${constraintName(reference)}\``).join(', ')
  const details = broken.map((one) => describe(kind, one)).join(' ')
  return `Foreign key constraint violated on the constraint: ${names}. ${details}`
}

/** So many values are shown; `values` has all. */
const shown = 3

function describe(kind: ViolationKind, { reference, values }: BrokenReference): string {
  const { table, column, target } = reference
  const more = values.length > shown ? ` and ${values.length - shown} more` : ''
  const list = values.length === 0 ? 'a value' : `${values.slice(0, shown).join(', ')}${more}`
  const verb = kind === 'missing' ? 'names no row of' : 'was deleted from'
  return `${table}.${column}: ${list} ${verb} ${target.table}.${target.column} in ${target.database}.`
}

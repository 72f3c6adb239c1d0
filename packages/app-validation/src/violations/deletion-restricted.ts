import { constraintName } from '../references/constraint-name.ts'
import type { Reference } from '../references/reference.ts'
import { type Problem, problemType } from './problem.ts'

/** A reference that forbids a deletion, with the rows that do. */
export interface RestrictingReference {
  readonly reference: Reference
  /** Of the rows that can't be deleted. */
  readonly ids: readonly string[]
  /** So many rows name them. */
  readonly rows: number
}

/** Rows can't be deleted, since rows of other databases name them through references that are declared `Restrict`. */
export class DeletionRestricted extends Error {
  override readonly name = 'DeletionRestricted'
  readonly code = 'P2003'
  /** The database and the model of the rows that were to be deleted. */
  readonly database: string
  readonly model: string
  readonly restricting: readonly RestrictingReference[]

  constructor(
    { database, model }: { readonly database: string; readonly model: string },
    restricting: readonly RestrictingReference[],
    cause: unknown,
  ) {
    super(`${model} can’t be deleted. ${restricting.map(describe).join(' ')}`, { cause })
    this.database = database
    this.model = model
    this.restricting = restricting
  }

  toProblem(): Problem {
    return {
      type: problemType('deletion-restricted'),
      title: 'Other rows forbid the deletion',
      status: 409,
      detail: this.message,
      retryable: false,
      errors: this.restricting.map(({ reference, ids }) => ({
        model: reference.model,
        field: reference.field,
        constraint: constraintName(reference),
        values: ids,
      })),
    }
  }
}

/** Known by its shape: see `isReferenceViolation`. */
export const isDeletionRestricted = (error: unknown): error is DeletionRestricted =>
  error instanceof Error && error.name === 'DeletionRestricted' && 'restricting' in error

const describe = ({ reference: { database, table, column }, rows }: RestrictingReference): string =>
  `${rows} ${rows === 1 ? 'row' : 'rows'} of ${table} in ${database} ${rows === 1 ? 'names' : 'name'} it in ${column}.`

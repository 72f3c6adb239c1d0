import type { Reference } from '../references/reference.ts'

/** A value that is looked up in a referenced column, in PostgreSQL's text form. */
export interface TargetedValue {
  readonly reference: Pick<Reference, 'target'>
  readonly value: string
}

/** One that a write puts into a referencing column. */
export interface NamedValue extends TargetedValue {
  readonly reference: Reference
}

import type { Reference } from '../references/reference.ts'

/** A value that a write puts into a referencing column, in PostgreSQL's text form. */
export interface NamedValue {
  readonly reference: Reference
  readonly value: string
}

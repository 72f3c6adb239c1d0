import type { Target } from '../place/tables.ts'
import type { Violation } from './violation.ts'

/** What was compared, and what is wrong. */
export interface Verdict {
  readonly checked: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
}

/** Who is there, by table. */
export type Living = Readonly<Record<Target, ReadonlySet<string>>>

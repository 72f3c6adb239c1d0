/**
 * How a step ended, in words that are the same on both sides, and for every release of PostgreSQL:
 * - `done`; `nothing` for a statement that found no row;
 * - `missing` (23503): the row would name a user who isn't there; `restricted` (23503, 23001 from 18 on): rows name the user;
 * - `conflict` (40001), `deadlock` (40P01) and `locked` (somebody was waited for too long): to be tried again;
 * - `for life` (IR002): a referenced id doesn't change;
 * - `skipped`: the session had failed before, and rolls back.
 */
export type Ending =
  | 'done'
  | 'nothing'
  | 'missing'
  | 'restricted'
  | 'conflict'
  | 'deadlock'
  | 'locked'
  | 'for life'
  | 'skipped'

export interface Outcome {
  /** Whether it had to wait for another session. */
  readonly waited: boolean
  readonly ending: Ending
}

/** `waits, done` */
export const renderOutcome = ({ waited, ending }: Outcome): string => (waited ? `waits, ${ending}` : ending)

/** The user ids and the rows, each with the user that it names. */
export interface Contents {
  readonly users: readonly number[]
  readonly rows: Readonly<Record<string, number | null>>
}

/** What came of one order. */
export interface Run {
  /** One for each step, in the order of the steps. */
  readonly outcomes: readonly Outcome[]
  /** When the last transaction had ended. */
  readonly atOnce: Contents
  /** When the sweep had run, too; the same for a native key. */
  readonly inTheEnd: Contents
}

import type { Step } from './steps.ts'

export const levels = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const
export type Level = (typeof levels)[number]

/** The actions that a native foreign key has too. */
export const actions = ['Cascade', 'SetNull', 'Restrict'] as const
export type Action = (typeof actions)[number]

/** Steps that nothing comes in between. */
export type Turn = readonly Step[]

/**
 * Sessions that run against each other, in every order of their turns. Users and rows that are there at the beginning
 * are `users` and `rows`.
 */
export interface Scenario {
  readonly name: string
  /** PostgreSQL's own tests (src/test/isolation/specs) that ask the same. */
  readonly after: readonly string[]
  readonly actions: readonly Action[]
  readonly levels: readonly Level[]
  readonly users: readonly number[]
  /** Rows by name, with the user that each names. */
  readonly rows: Readonly<Record<string, number>>
  readonly sessions: Readonly<Record<string, readonly Turn[]>>
  /** Whether the writers go through the guard; false for raw SQL, which meets the fence alone. */
  readonly guarded: boolean
  /** Whether both tables are partitioned. */
  readonly partitioned: boolean
  /** Whether sessions wait in a circle, or for themselves. Then the first one gives up. */
  readonly deadlocks: boolean
}

/** A turn of one of the sessions. */
export interface Move {
  readonly session: string
  readonly turn: Turn
}

export type Order = readonly Move[]

import type { Contents } from '../outcome.ts'
import type { Level, Scenario } from '../scenario.ts'
import type { Step } from '../steps.ts'

/** One run of a scenario. Each has users and rows of its own, told apart by its number, so that nothing is cleared away. */
export interface RunRequest {
  readonly number: number
  readonly scenario: Scenario
  readonly level: Level
}

/** A session of a scenario in one world: a program that does one thing after the other. */
export interface Actor {
  /**
   * Does one step. At its first it begins a transaction, and after `commit` or `roll back` it has none.
   * @returns the rows that the statement found
   * @throws what refused the step
   */
  perform(step: Step): Promise<number>
  /** Ends the transaction after a failure. */
  abandon(): Promise<void>
}

/** Where scenarios take place: one database with a native key, or two with what stands in for it. */
export interface World extends AsyncDisposable {
  /** Puts the users and rows there, and gives the sessions. */
  prepare(request: RunRequest): Promise<ReadonlyMap<string, Actor>>
  /** The sessions whose step waits for another one. */
  waiting(): Promise<ReadonlySet<string>>
  contents(request: RunRequest): Promise<Contents>
  /** What has to be done after the transactions, until nothing is left to do. */
  settle(): Promise<void>
}

import type { Holder } from '../sweep/barrier.ts'
import { describeHolders } from '../sweep/holders.ts'
import { type Problem, problemType } from './problem.ts'

/**
 * Why a deletion was not decided: somebody else deletes the same row, other transactions took too long, or a database
 * could not be reached.
 */
export type UndecidedReason = 'contended' | 'held' | 'unreachable'

/**
 * Whether rows may be deleted could not be decided in time. They are not deleted, unless the answer to the deletion itself
 * was lost; the same call may be made again, and counts only who is still there.
 */
export class DeletionUndecided extends Error {
  override readonly name = 'DeletionUndecided'
  readonly retryable = true
  readonly reason: UndecidedReason
  /** Where it came to a stop. */
  readonly database: string
  /** Whose transactions it waited for at last. */
  readonly holders: readonly Holder[]

  constructor(reason: UndecidedReason, database: string, holders: readonly Holder[], cause: unknown) {
    super(`The deletion could not be decided. ${explain(reason, database, holders)}`, { cause })
    this.reason = reason
    this.database = database
    this.holders = holders
  }

  /** 409 while somebody else is at it, 503 otherwise. Who is waited for is for the log, and not among it. */
  toProblem(): Problem {
    return {
      type: problemType('deletion-undecided'),
      title: 'A deletion could not be decided',
      status: this.reason === 'contended' ? 409 : 503,
      detail: `The deletion could not be decided. ${explain(this.reason, this.database, [])}`,
      retryable: true,
    }
  }
}

/** Known by its shape: see `isReferenceViolation`. */
export const isDeletionUndecided = (error: unknown): error is DeletionUndecided =>
  error instanceof Error && error.name === 'DeletionUndecided' && 'holders' in error

function explain(reason: UndecidedReason, database: string, holders: readonly Holder[]): string {
  switch (reason) {
    case 'contended':
      return `Somebody else is deleting the same row of ${database}.`
    case 'held':
      return holders.length === 0
        ? `Other transactions in ${database} took too long.`
        : `In ${database} it waited for ${describeHolders(holders)}.`
    case 'unreachable':
      return `${database} could not be reached, or the connection was lost.`
  }
}

import { type Problem, problemType } from './problem.ts'

/**
 * Why the referenced database gave no answer: nothing answers there, it took too long, all connections were in use, or
 * the row stayed locked by somebody who deletes it or changes its key.
 */
export type UnavailableReason = 'unreachable' | 'slow' | 'busy' | 'locked'

const explanations: Readonly<Record<UnavailableReason, string>> = {
  unreachable: 'It could not be reached, or the connection was lost.',
  slow: 'It did not answer in time.',
  busy: 'All connections to it were in use.',
  locked: 'A row that the write names stayed locked by a transaction that may delete it.',
}

/** Whether the row exists could not be found out. Nothing was written; the same write may succeed later. */
export class ReferencedDatabaseUnavailable extends Error {
  override readonly name = 'ReferencedDatabaseUnavailable'
  readonly retryable = true
  /** The referenced database. */
  readonly database: string
  readonly reason: UnavailableReason

  constructor(database: string, reason: UnavailableReason, cause?: unknown) {
    const message = `References to ${database} could not be checked. ${explanations[reason]}`
    super(message, cause === undefined ? undefined : { cause })
    this.database = database
    this.reason = reason
  }

  toProblem(): Problem {
    return {
      type: problemType('referenced-database-unavailable'),
      title: 'A referenced database is not available',
      status: 503,
      detail: this.message,
      retryable: true,
    }
  }
}

/** Known by its shape: see `isReferenceViolation`. */
export const isReferencedDatabaseUnavailable = (error: unknown): error is ReferencedDatabaseUnavailable =>
  error instanceof Error && error.name === 'ReferencedDatabaseUnavailable' && 'reason' in error

import type { Failure, FailureKind, Meta } from './failure.ts'

/**
 * SQLSTATE of PostgreSQL, errno of the system, or a failure's code; an `AggregateError` of several addresses says
 * its first. Goes by shape, since a test runner's realm has an `Error` of its own.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'errors' in error && Array.isArray(error.errors) ? errorCode(error.errors[0]) : undefined
}

export const errorMessage = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** Whether it is a `Failure`, also one that another copy of this package has made. */
export const isFailure = (error: unknown): error is Failure =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  error.name === 'Failure' &&
  'exitCode' in error

/** Whether it is one of that kind, whose `meta` is known then. */
export const isFailureOf = <M extends Meta>(
  kind: FailureKind<M>,
  error: unknown,
): error is Failure & { readonly meta: M } => isFailure(error) && error.code === kind.code

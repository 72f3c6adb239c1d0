/** What an HTTP API answers, as `application/problem+json` (RFC 9457), with members of our own after the standard ones. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Whether the same request may succeed later as it is. */
  readonly retryable: boolean
  readonly errors?: readonly FieldProblem[]
}

/** One field of a request that is at fault. */
export interface FieldProblem {
  readonly model: string
  readonly field: string
  readonly constraint: string
  readonly values: readonly string[]
}

export const problemType = (name: string): string => `urn:manybase:problem:${name}`

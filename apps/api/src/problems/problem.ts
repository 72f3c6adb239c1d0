import * as z from 'zod'

/** What is refused, by the end of its `type`: its status and title. */
export const problemKinds = {
  'request-invalid': [400, 'The request is not as documented'],
  'sign-in-needed': [401, 'Signing in is needed'],
  'sign-in-refused': [401, 'No account with this address and password may sign in'],
  'refresh-refused': [401, 'The refresh token is not valid'],
  'refresh-superseded': [409, 'The refresh token was exchanged a moment ago'],
  forbidden: [403, 'This is not allowed to you'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'There is no such method here'],
  conflict: [409, 'This contradicts what is there'],
  taken: [409, 'Somebody has this already'],
  'page-gone': [410, 'The list has no such place any more'],
  'deletion-restricted': [409, 'Rows that have to be kept forbid the deletion'],
  'body-too-large': [413, 'The body is too large'],
  'media-type-unsupported': [415, 'Only application/json is read here'],
  'content-refused': [422, 'The database does not take these values'],
  'too-many-requests': [429, 'Too many requests'],
  'header-too-large': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong here'],
  unavailable: [503, 'A database is not available'],
  'not-ready': [503, 'Not ready'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>

export type ProblemKind = keyof typeof problemKinds

/** One place of the request that is at fault. */
const FieldError = z.object({
  path: z.string().meta({ description: 'Where: a JSON pointer into the body, the query or the path' }),
  message: z.string(),
})

/** Rows that forbid something. */
const Restricting = z.object({
  database: z.string(),
  reference: z.string().meta({ description: 'schema.table.column' }),
  rows: z.int(),
})

/** The body of every answer that refuses: problem details (RFC 9457) with members of our own after the standard ones. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'A URN that says which problem it is' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later as it is' }),
    requestId: z.string().meta({ description: 'Names the request in the server’s log' }),
    errors: z.array(FieldError).optional(),
    restricting: z.array(Restricting).optional(),
  })
  .meta({ id: 'Problem' })

export type Problem = z.output<typeof Problem>

export type ProblemMore = Partial<Pick<Problem, 'errors' | 'restricting' | 'retryable'>> & {
  /** In seconds. */
  readonly retryAfter?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Thrown wherever a request is refused; the error handler makes the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: ProblemKind
  readonly more: ProblemMore

  constructor(kind: ProblemKind, detail: string, { cause, ...more }: ProblemMore = {}) {
    super(detail, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.more = more
  }
}

/** Known by its shape, since a test runner's realm has an `Error` of its own. */
export const isRefusal = (error: unknown): error is Refusal =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  error.name === 'Refusal' &&
  'kind' in error

export const statusOf = (kind: ProblemKind): number => problemKinds[kind][0]

const typeOf = (kind: ProblemKind): string => `urn:socrates:problem:${kind}`

export function problemOf({ kind, message, more }: Refusal, requestId: string): Problem {
  const [status, title] = problemKinds[kind]
  const { errors, restricting, retryable = status === 429 || status === 503 } = more
  return {
    type: typeOf(kind),
    title,
    status,
    detail: message,
    retryable,
    requestId,
    ...(errors && { errors }),
    ...(restricting && { restricting }),
  }
}

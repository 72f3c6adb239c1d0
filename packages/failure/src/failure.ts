/** How a command ends. The table is part of the product's contract: `docs/reference/exit-codes.md`. */
export const exitCodes = {
  done: 0,
  bug: 1,
  precondition: 2,
  declined: 3,
  found: 4,
  migrationFailed: 5,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export type Meta = Readonly<Record<string, unknown>>

/** What a person needs: what happened, why it did, and how to mend it. */
export interface Explanation {
  readonly what: string
  readonly why: string
  readonly fix: string
}

/** An expected way to fail. Anything that is thrown and isn't a `Failure` is a bug of ours. */
export class Failure extends Error implements Explanation {
  override readonly name = 'Failure'
  readonly code: string
  readonly exitCode: ExitCode
  readonly what: string
  readonly why: string
  readonly fix: string
  readonly meta: Meta

  constructor(
    kind: { readonly code: string; readonly exitCode: ExitCode },
    explanation: Explanation,
    meta: Meta,
    cause?: unknown,
  ) {
    super(`${explanation.what} [${kind.code}]`, cause === undefined ? undefined : { cause })
    this.code = kind.code
    this.exitCode = kind.exitCode
    this.what = explanation.what
    this.why = explanation.why
    this.fix = explanation.fix
    this.meta = meta
  }

  /** What `--json` prints: stable keys, and never the cause, which may quote a connection string. */
  toJSON() {
    const { code, exitCode, what, why, fix, meta } = this
    return { code, exitCode, what, why, fix, meta }
  }
}

/** Makes one kind of `Failure`: `throw urlUnusable({ … }, cause)`. */
export interface FailureKind<M extends Meta> {
  (meta: M, cause?: unknown): Failure
  readonly code: string
  readonly exitCode: ExitCode
}

/**
 * Declares a kind of failure. `code` is dotted (`noun.problem`), stable, and has a row in
 * `docs/reference/errors.md`; a test holds that page to the calls of this function.
 */
export function defineFailure<M extends Meta>(
  code: `${string}.${string}`,
  exitCode: ExitCode,
  explain: (meta: M) => Explanation,
): FailureKind<M> {
  const kind = { code, exitCode }
  return Object.assign((meta: M, cause?: unknown) => new Failure(kind, explain(meta), meta, cause), kind)
}

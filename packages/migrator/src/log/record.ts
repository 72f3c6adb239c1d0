import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { maskPassword } from '../catalog/url.ts'
import type { Outcome } from '../execute/execute.ts'

export interface Notice {
  readonly severity: string
  readonly message: string
}

/** One line of the log: what became of a step. Never a row's values: PostgreSQL's detail is left out. */
export function recordOf(
  outcome: Exclude<Outcome, { kind: 'not-run' }>,
  notices: readonly Notice[],
  target: Target | undefined,
) {
  const { step, kind, milliseconds } = outcome
  return {
    database: step.database,
    revision: step.revision.name,
    direction: step.kind,
    outcome: kind,
    milliseconds: Math.round(milliseconds),
    ...(outcome.kind === 'done' && { rows: outcome.rows }),
    ...(outcome.kind === 'skipped' && { environment: outcome.environment }),
    ...(outcome.kind === 'failed' && { error: describeError(outcome.error) }),
    ...(notices.length > 0 && { notices }),
    ...(target && { role: target.connection.user, server: serverOf(target) }),
  }
}

const serverOf = ({ connection: { host, port, database, schema } }: Target) =>
  `${host}:${port}/${database}?schema=${schema}`

const describeError = (error: unknown) => ({
  code: errorCode(error) ?? 'bug',
  message: mask(isFailure(error) ? error.what : errorMessage(error)),
  ...(isFailure(error) && isProblem(error.meta.problem) && { sqlstate: error.meta.problem.sqlstate }),
})

const isProblem = (value: unknown): value is { readonly sqlstate: string } =>
  typeof value === 'object' && value !== null && 'sqlstate' in value

const mask = (text: string) => text.replace(/[a-z][\w+.-]*:\/\/\S+/gi, maskPassword)

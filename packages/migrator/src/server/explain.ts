import { errorCode, errorMessage, type Failure, isFailure } from '@manybase/failure'
import type { Target as WholeTarget } from '../catalog/target.ts'
import {
  databaseMissing,
  passwordMissing,
  passwordWrong,
  rightMissing,
  serverReadOnly,
  serverRefused,
  tooManyConnections,
} from './failures.ts'

/** What is said of a database that didn't answer as it should. */
type Target = Pick<WholeTarget, 'name' | 'connection' | 'origin'>

/** Turns what the driver says about a connection or a right into a failure that teaches; others pass unchanged. */
export function explainServerError(error: unknown, target: Target): unknown {
  if (isFailure(error)) return error
  const code = errorCode(error)
  const explain = code === undefined ? undefined : explanations[code]
  if (explain) return explain(target, error)
  // The driver's own words, without a code, for SCRAM as for MD5.
  if (error instanceof Error && /client password must be/.test(error.message))
    return passwordMissing({ ...at(target), user: target.connection.user }, error)
  const isRefused = isConnectionLost(error) || /timeout|SSL|ECONN/i.test(errorMessage(error))
  return isRefused ? refused(target, error) : error
}

/** Whether it is the connection that is gone; a query after that is told so by the driver alone, without a code. */
export const isConnectionLost = (error: unknown): boolean =>
  /^(08|57P|E[A-Z]+$)/.test(errorCode(error) ?? '') ||
  /connection terminated|not queryable/i.test(errorMessage(error))

const explanations: Record<string, (target: Target, error: unknown) => Failure> = {
  '28P01': (target, error) => passwordWrong({ ...at(target), user: target.connection.user }, error),
  '28000': (target, error) => passwordWrong({ ...at(target), user: target.connection.user }, error),
  '3D000': (target, error) => databaseMissing(at(target), error),
  '53300': (target, error) => tooManyConnections(at(target), error),
  '25006': (target, error) => serverReadOnly(at(target), error),
  '42501': (target, error) =>
    rightMissing({ ...at(target), user: target.connection.user, message: errorMessage(error) }, error),
}

const refused = (target: Target, error: unknown) =>
  serverRefused({ ...at(target), reason: errorCode(error) ?? errorMessage(error) }, error)

export const at = (target: Target) => ({
  database: target.name,
  server: `${target.connection.host}:${target.connection.port}`,
  origin: target.origin,
})

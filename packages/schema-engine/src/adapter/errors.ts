import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils'
import type { Address } from './address.ts'
import { codeFrame } from './code-frame.ts'

/** The fields of the driver's errors that matter here; none of them is there on every error. */
interface DriverError {
  readonly message: string
  readonly code?: unknown
  readonly severity?: unknown
  readonly detail?: unknown
  readonly hint?: unknown
  readonly column?: unknown
  readonly position?: unknown
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOENT',
  'EACCES',
])
const closed = new Set(['ECONNRESET', 'EPIPE', '57P01', '57P02'])

/** Why connecting failed, in the terms that the engine turns into P1000, P1001, P1003 and so on. */
export function connectionError(error: unknown, address: Address): DriverAdapterError {
  if (error instanceof DriverAdapterError) return error
  return new DriverAdapterError({ ...connectionProblem(error, address), ...original(error) })
}

function connectionProblem(error: unknown, { host, port, database, user }: Address): MappedError {
  const { code, message } = describe(error)
  if (code === '28P01') return { kind: 'AuthenticationFailed', user }
  if (code === '28000' || code === '42501') return { kind: 'DatabaseAccessDenied', db: database }
  if (code === '3D000') return { kind: 'DatabaseDoesNotExist', db: database }
  if (code === '53300') return { kind: 'TooManyConnections', cause: message }
  if (typeof code === 'string' && closed.has(code)) return { kind: 'ConnectionClosed' }
  if (/\b(SSL|TLS|certificate)\b/i.test(message)) return { kind: 'TlsConnectionError', reason: message }
  if (isUnreachable(code, message)) return { kind: 'DatabaseNotReachable', host, port }
  return fromServer(error)
}

function isUnreachable(code: unknown, message: string): boolean {
  return (
    (typeof code === 'string' && unreachable.has(code)) ||
    // The driver's own words when `connectTimeoutMillis` is over; they carry no code.
    /timeout|terminated/i.test(message)
  )
}

/** What a script failed with, as the server said it; with the script, also where. */
export function scriptError(error: unknown, script?: string): DriverAdapterError {
  if (error instanceof DriverAdapterError) return error
  const { code, message, position } = describe(error)
  if (typeof code === 'string' && closed.has(code))
    return new DriverAdapterError({ kind: 'ConnectionClosed' })
  const where = script === undefined ? undefined : codeFrame(script, position)
  const whole = where === undefined ? message : `${message}\n\nPosition:\n${where}`
  return new DriverAdapterError({ ...fromServer(error), ...original(error), message: whole })
}

function fromServer(error: unknown): Extract<MappedError, { kind: 'postgres' }> {
  const { code, severity, message, detail, hint, column } = describe(error)
  return {
    kind: 'postgres',
    code: text(code) ?? 'N/A',
    severity: text(severity) ?? 'ERROR',
    message,
    detail: text(detail),
    hint: text(hint),
    column: text(column),
  }
}

function original(error: unknown): { originalCode?: string; originalMessage: string } {
  const { code, message } = describe(error)
  return { originalMessage: message, ...(typeof code === 'string' && { originalCode: code }) }
}

function describe(error: unknown): DriverError {
  // `localhost` with two addresses fails with one error that holds both.
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0])
  return error instanceof Error ? error : { message: String(error) }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

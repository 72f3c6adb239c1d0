import { isReferencedDatabaseUnavailable, isReferenceViolation } from '@manybase/app-validation/guard'
import { errorCode } from '@manybase/failure'
import { Refusal } from './problem.ts'

/** Prisma's codes for a database that can't be reached (each P1…), lets nobody in, or doesn't answer in time. */
const unavailable = /^(P1\d{3}|P2024|P2028|P2037)$/
/** PostgreSQL's: connections, logins, resources, and a server that starts, stops or is read-only after a failover. */
const unavailableState = /^(08|28|3D|53|57P0|25006|55P03|57014)/
/** The operating system's. */
const unavailableErrno = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
])

/** What a database's error means to whoever asked; undefined for what is a bug of ours. */
export function fromDatabase(error: unknown): Refusal | undefined {
  if (isReferencedDatabaseUnavailable(error)) return waiting(error.message, error)
  if (isReferenceViolation(error)) {
    const { status, detail } = error.toProblem()
    const errors = error.broken.map(({ reference, values }) => ({
      path: `/${reference.field}`,
      message: `Names no row of ${reference.target.table}${values.length > 0 ? `: ${values.join(', ')}` : ''}`,
    }))
    return new Refusal(status === 409 ? 'conflict' : 'content-refused', detail, { errors, cause: error })
  }
  const code = errorCode(error) ?? ''
  const state = sqlState(error)
  if (unavailable.test(code) || unavailableErrno.has(code) || unavailableState.test(state) || isLost(error)) {
    return waiting('A database did not answer. A change may have been made, or not.', error)
  }
  if (code === 'P2034' || state === '40001' || state === '40P01') {
    const detail = 'Somebody else changed the same rows at the same time.'
    return new Refusal('conflict', detail, { retryable: true, retryAfter: 1, cause: error })
  }
  if (code === 'P2002')
    return new Refusal('taken', 'A value that has to be unique is in use.', { cause: error })
  if (code === 'P2025') return new Refusal('not-found', 'It is not there (any more).', { cause: error })
  if (code === 'P2003' || state === '23503')
    return new Refusal('conflict', 'Another row that is named, or that names this one, forbids it.', {
      cause: error,
    })
  if (['P2000', 'P2004', 'P2006', 'P2019', 'P2020', 'P2023', 'P2033', 'P2039'].includes(code)) {
    return new Refusal('content-refused', 'A value is not one that its column takes.', { cause: error })
  }
  return undefined
}

const waiting = (detail: string, cause: unknown): Refusal =>
  new Refusal('unavailable', detail, { retryAfter: 1, cause })

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

/** Where Prisma puts what PostgreSQL said, for its own queries and for raw ones alike. */
function sqlState(error: unknown): string {
  const cause = member(member(member(error, 'meta'), 'driverAdapterError'), 'cause')
  const code = member(cause, 'originalCode') ?? member(cause, 'code') ?? member(error, 'code')
  return typeof code === 'string' ? code : ''
}

/** The driver says these without a code. */
function isLost(error: unknown): boolean {
  const message = member(error, 'message')
  return typeof message === 'string' && lost.test(message)
}

const lost =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|terminating connection|server closed the connection/

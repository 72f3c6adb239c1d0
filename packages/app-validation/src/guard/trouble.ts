import { errorCode, errorMessage } from '@manybase/failure'
import type { UnavailableReason } from '../violations/referenced-database-unavailable.ts'

const codes: readonly (readonly [pattern: RegExp, reason: UnavailableReason])[] = [
  // Connections lost; the server starts, stops, has no room, or has become a standby.
  [/^(08...|57P0[1-5]|53...|25006|25P03)$/, 'unreachable'],
  [/^57014$/, 'slow'],
  [/^(55P03|40P01)$/, 'locked'],
  [/^(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT)$/, 'unreachable'],
]

/** What the driver says in words alone. */
const messages: readonly (readonly [pattern: RegExp, reason: UnavailableReason])[] = [
  [/^timeout exceeded when trying to connect/, 'busy'],
  [/^Query read timeout/, 'slow'],
  [
    /^(timeout expired|Connection terminated|Client has encountered a connection error|Client was closed)/,
    'unreachable',
  ],
]

/** Why the database couldn't answer; undefined for an error that says something else. */
export function unavailableReason(error: unknown): UnavailableReason | undefined {
  const code = errorCode(error)
  const [list, text] = code === undefined ? [messages, errorMessage(error)] : [codes, code]
  return list.find(([pattern]) => pattern.test(text))?.[1]
}

/**
 * The value isn't one of the column's type: `22P02 invalid input syntax` and its kind. The write itself fails of it,
 * and says so better.
 */
export const isUnreadableValue = (error: unknown): boolean => /^22/.test(errorCode(error) ?? '')

export const isRightMissing = (error: unknown): boolean => errorCode(error) === '42501'

import type { Reference } from '../references/reference.ts'
import { arithmetic } from './failures.ts'
import { isRecord } from './values.ts'

const operators = ['increment', 'decrement', 'multiply', 'divide']

/**
 * The text form of what is written into a referencing column.
 * @returns undefined where nothing is named: null, undefined, and what Prisma leaves out or refuses itself
 * @throws `guard.arithmetic`
 */
export function readValue(reference: Reference, written: unknown): string | undefined {
  if (typeof written === 'string') return written
  if (typeof written === 'number' || typeof written === 'bigint') return String(written)
  if (written instanceof Date) return written.toISOString()
  if (written instanceof Uint8Array) return `\\x${Buffer.from(written).toString('hex')}`
  if (!isRecord(written)) return undefined
  if ('set' in written) return readValue(reference, written.set)
  const operator = operators.find((name) => name in written)
  if (operator !== undefined) throw arithmetic({ column: `${reference.table}.${reference.column}`, operator })
  // Decimal has no class in common between copies of Prisma, but every number of it says its digits.
  if ('toFixed' in written && typeof written.toFixed === 'function') return String(written.toFixed())
  return undefined
}

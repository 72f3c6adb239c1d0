import { constraintName } from '../references/constraint-name.ts'
import type { Reference } from '../references/reference.ts'
import type { NamedValue } from './named-value.ts'
import { ReferenceViolation } from './reference-violation.ts'

/**
 * The fence in the database refuses with SQLSTATE 23503 and the name of the constraint that a foreign key would have.
 * @param name finds the values that the write named, as far as they can be known; asked only when one was refused
 * @returns the violation if that is a reference of ours; any other error as it is
 */
export function translateError(
  references: readonly Reference[],
  error: unknown,
  name: () => readonly NamedValue[] = () => [],
): unknown {
  const constraint = violatedConstraint(error)
  const reference =
    constraint === undefined ? undefined : references.find((one) => constraintName(one) === constraint)
  if (reference === undefined) return error
  const candidates = new Set(
    name()
      .filter((one) => one.reference === reference)
      .map(({ value }) => value),
  )
  const values = candidates.size === 1 ? [...candidates] : fencedValues(error)
  return new ReferenceViolation('deleted', { reference, values }, [], error)
}

/** Where Prisma puts what PostgreSQL said, for its own queries (P2003) and for raw ones (P2010) alike. */
const causeOf = (error: unknown): unknown =>
  member(member(member(error, 'meta'), 'driverAdapterError'), 'cause')

/** Prisma keeps the constraint only where PostgreSQL names no column, so it is read from the message, as a last resort. */
function violatedConstraint(error: unknown): string | undefined {
  const cause = causeOf(error)
  const isViolation =
    member(cause, 'kind') === 'ForeignKeyConstraintViolation' || member(error, 'code') === '23503'
  if (!isViolation) return undefined
  const message = text(member(cause, 'originalMessage')) ?? text(member(error, 'message')) ?? ''
  return (
    text(member(member(cause, 'constraint'), 'index')) ??
    text(member(error, 'constraint')) ??
    /foreign key constraint "(.+)"/.exec(message)?.[1]
  )
}

/** From `Key (user_id)=(…) was deleted from table …`, which the driver passes on, and Prisma doesn't. */
function fencedValues(error: unknown): readonly string[] {
  const value = /Key \([^)]*\)=\((.*)\) was deleted/.exec(text(member(error, 'detail')) ?? '')?.[1]
  return value === undefined ? [] : [value]
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

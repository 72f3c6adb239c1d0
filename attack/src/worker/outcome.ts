import { isReferencedDatabaseUnavailable, isReferenceViolation } from '@manybase/app-validation/guard'
import { errorCode, errorMessage } from '@manybase/failure'
import type { Outcome } from './messages.ts'

/** An id wasn't there when it was looked for, before the write. */
export class NotThere extends Error {
  readonly ids: readonly string[]
  constructor(ids: readonly string[]) {
    super('not there')
    this.ids = ids
  }
}

/** serialization_failure, deadlock_detected, lock_not_available, and Prisma's name for the first two. */
const retryable = new Set(['40001', '40P01', '55P03', 'P2034'])

/** Reads an error. Whatever isn't a clear refusal may have been committed. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof NotThere) return { kind: 'missing', ids: error.ids }
  if (isReferenceViolation(error)) return { kind: 'missing', ids: error.values.map(String) }
  if (isReferencedDatabaseUnavailable(error)) return { kind: 'retry', why: `guard: ${error.reason}` }
  const code = errorCode(error) ?? ''
  if (retryable.has(code)) return { kind: 'retry', why: code }
  // Prisma found no row to change: it is gone with whom it named.
  if (code === 'P2025') return { kind: 'rolled back' }
  if (code === '23503') return { kind: 'missing', ids: idIn(error) }
  return { kind: 'lost', why: code === '' ? errorMessage(error).slice(0, 120) : code }
}

/** Reads the id from the fence's detail: `Key (user_id)=(…) was deleted from …` */
function idIn(error: unknown): readonly string[] {
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : ''
  const id = detail.split(')=(')[1]?.split(')')[0]
  return id === undefined ? [] : [id]
}

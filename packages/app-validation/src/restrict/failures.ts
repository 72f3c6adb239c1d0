import { defineFailure, exitCodes } from '@manybase/failure'
import type { Holder } from '../sweep/barrier.ts'
import { describeHolders } from '../sweep/holders.ts'

const { precondition } = exitCodes

/** Rows that forbid the deletion of one id. */
export interface Restricting {
  /** `public.invoices.user_id` */
  readonly reference: string
  readonly database: string
  readonly id: string
  readonly rows: number
}

export const deleteRestricted = defineFailure<{ target: string; restricting: readonly Restricting[] }>(
  'delete.restricted',
  precondition,
  ({ target, restricting }) => {
    const columns = Map.groupBy(restricting, ({ reference, database }) => `${reference} of ${database}`)
    const counts = [...columns].map(
      ([column, found]) => `${found.reduce((sum, { rows }) => sum + rows, 0)} in ${column}`,
    )
    return {
      what: `${target} can't be deleted: rows of other databases name it.`,
      why: `The references are declared onDelete: Restrict. There are ${counts.join(', ')}.`,
      fix: 'Delete or move those rows first. Where they have to be kept, anonymise the row instead of deleting it.',
    }
  },
)

export const deleteContended = defineFailure<{ target: string }>(
  'delete.contended',
  precondition,
  ({ target }) => ({
    what: `Somebody else is deleting one of these rows of ${target} just now.`,
    why: 'Whether a row may go is asked of the other databases by one at a time.',
    fix: 'Try again. What a worker that died has left is cleared away by the sweeper after some minutes.',
  }),
)

export const deleteHeld = defineFailure<{
  target: string
  database: string
  holders: readonly Holder[]
  milliseconds: number
}>('delete.held', precondition, ({ target, database, holders, milliseconds }) => ({
  what: `${target} was not deleted: others in ${database} were not done within ${milliseconds / 1000} s.`,
  why: `It waited for ${describeHolders(holders)}, which may name the row or hold it.`,
  fix: 'Try again, with more time if need be, or end that transaction.',
}))

export const deleteUnasked = defineFailure<{ source: string; databases: readonly string[] }>(
  'delete.unasked',
  precondition,
  ({ source, databases }) => ({
    what: `${databases.join(' and ')} would not be asked before rows of ${source} are deleted.`,
    why: `${source} has followed deletions up to there before, so rows there may forbid one.`,
    fix: 'Include all databases that refer to it. One that does no longer: DELETE FROM integrity.consumer WHERE consumer = its name.',
  }),
)

export const deleteIdUnreadable = defineFailure<{ target: string; problem: string }>(
  'delete.id-unreadable',
  precondition,
  ({ target, problem }) => ({
    what: `An id can't be one of ${target}.`,
    why: `The database says: ${problem}.`,
    fix: 'Give the ids as the column holds them.',
  }),
)

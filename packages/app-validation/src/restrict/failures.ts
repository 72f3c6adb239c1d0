import { defineFailure, exitCodes } from '@manybase/failure'

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

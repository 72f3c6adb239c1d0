import {
  deleteReferenced,
  isDeletionRestricted,
  isDeletionUndecided,
} from '@manybase/app-validation/deletion'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { columnName } from './reference-name.ts'

/**
 * Deletes an account, unless rows that have to be kept name it. What else names it is swept after.
 * @throws Refusal `deletion-restricted`, `conflict`, `unavailable`, `not-found`
 */
export async function deleteUser({ keepers }: Pick<Services, 'keepers'>, id: string): Promise<void> {
  try {
    const { deleted } = await deleteReferenced(
      keepers.auth,
      { specs: keepers.specs },
      { model: 'User', ids: [id] },
    )
    if (deleted.length === 0) throw new Refusal('not-found', 'There is no such user (any more).')
  } catch (error) {
    throw explain(error)
  }
}

function explain(error: unknown): unknown {
  if (isDeletionRestricted(error)) {
    const restricting = error.restricting.map(({ reference, rows }) => ({
      database: reference.database,
      reference: columnName(reference),
      rows,
    }))
    const detail = `${error.message} Hand teams over or delete them; where accounts have to be kept, POST /v1/users/me/anonymise.`
    return new Refusal('deletion-restricted', detail, { restricting, cause: error })
  }
  if (isDeletionUndecided(error)) {
    const { status, detail } = error.toProblem()
    const more = { retryable: true, retryAfter: 2, cause: error }
    return new Refusal(status === 409 ? 'conflict' : 'unavailable', detail, more)
  }
  return error
}

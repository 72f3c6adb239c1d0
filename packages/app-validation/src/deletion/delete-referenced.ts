import type { Databases } from '../databases/connect.ts'
import type { Address } from '../databases/database.ts'
import { type Open, withSessions } from '../databases/sessions.ts'
import { unavailableReason } from '../guard/trouble.ts'
import { deleteArbitrated } from '../restrict/delete.ts'
import type { DeleteOptions } from '../restrict/patience.ts'
import { explainDeletion } from './explain.ts'
import { findReferenced, type ModelOf, type ReferencedClient } from './referenced.ts'

export interface DeletionRequest<M extends string = string> {
  readonly model: M
  /** Values of the column that the other databases name. */
  readonly ids: readonly (string | number | bigint)[]
  /** That column, in PostgreSQL's name, where they name several of the model. */
  readonly column?: string
}

export interface Deletion {
  /** The ids of the rows that were deleted, as the database writes them; who wasn't there isn't among them. */
  readonly deleted: readonly string[]
}

/**
 * Deletes rows that other databases refer to, unless a row there names one through a reference that is declared
 * `Restrict`: all of them or none. What else names them is swept after. It may be called again whatever came of it.
 *
 * Opens connections of its own, to the servers themselves, and closes them.
 *
 * @param client of the database whose rows are deleted
 * @param referencing all that refer to it, under names of your choice: clients, or descriptions
 * @throws DeletionRestricted, DeletionUndecided; `delete.unreferenced`, `delete.unasked`, `delete.id-unreadable`,
 *   `sweep.blind`, `integrity.missing`; and what the driver throws, as for a foreign key inside the database
 * @example
 * const { deleted } = await deleteReferenced(auth, { specs }, { model: 'User', ids: [id] })
 */
export async function deleteReferenced<C extends ReferencedClient>(
  client: C,
  referencing: Databases,
  { model, ids, column }: DeletionRequest<ModelOf<C>>,
  options: DeleteOptions = {},
): Promise<Deletion> {
  const referenced = findReferenced(client, referencing, { model, column })
  const { source, target, links, addressOf } = referenced
  const reaching = links.filter(({ columns }) => columns.some((one) => one.target === target))
  const lost = new Set<string>()
  try {
    const deleted = await withSessions('delete', async (open) => {
      const at = noting(open, lost)
      const [arbiter, deleter, ...parties] = await Promise.all([
        at(source, 'referenced'),
        at(source, 'referenced'),
        ...reaching.map((link) => at(addressOf(link.referencing), 'referencing')),
      ])
      const asked = reaching.flatMap((link, index) => {
        const b = parties[index]
        return b ? [{ link, b }] : []
      })
      return await deleteArbitrated(arbiter, deleter, asked, { target, ids: ids.map(String) }, options)
    })
    return { deleted }
  } catch (error) {
    throw explainDeletion(error, referenced, lost)
  }
}

/** Notes which database is out of reach: the error of a lost connection doesn't say it. */
const noting =
  (open: Open, lost: Set<string>) => async (database: Address, side: 'referenced' | 'referencing') => {
    const note = () => lost.add(database.name)
    return await open({ database, side, onLost: note }).catch((error) => {
      if (unavailableReason(error) !== undefined) note()
      throw error
    })
  }

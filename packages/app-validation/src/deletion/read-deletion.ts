import { connectTo, type Databases } from '../databases/connect.ts'
import { descriptionOf } from '../databases/database.ts'
import { withSessions } from '../databases/sessions.ts'
import { type BrokenBatch, type Receipt, readReceiptOf, verifyReceipts } from '../receipts/receipts.ts'
import type { Sql } from '../sweep/sql.ts'
import { findReferenced, type ModelOf, type ReferencedClient } from './referenced.ts'

/** What came of one deletion in one database. */
export interface DeletionShare {
  readonly database: string
  /** What was done there, and what was counted after it; null while it is swept. */
  readonly receipt: Receipt | null
}

/** What came of one deletion. */
export interface DeletionReport {
  readonly id: string
  /** ISO 8601, by the clock of the source. */
  readonly deletedAt: string
  /** Whether all have a receipt. */
  readonly isSwept: boolean
  readonly databases: readonly DeletionShare[]
}

/**
 * Reads what came of a deletion in every database that refers to the row.
 * @param id as the database writes it
 * @returns null for a row that was not deleted, or whose id was revived since
 * @throws `delete.unreferenced`, `integrity.missing`, and what the driver throws
 */
export async function readDeletion<C extends ReferencedClient>(
  client: C,
  referencing: Databases,
  request: { readonly model: ModelOf<C>; readonly id: string | number | bigint; readonly column?: string },
): Promise<DeletionReport | null> {
  const { source, target, links, addressOf } = findReferenced(client, referencing, request)
  const id = String(request.id)
  return await withSessions('deletion', async (open) => {
    const logged = await readLog(await open({ database: source, side: 'referenced' }), target, id)
    if (!logged) return null
    const reaching = links.filter(({ columns }) => columns.some((one) => one.target === target))
    const databases = await Promise.all(
      reaching.map(async ({ referencing: database }): Promise<DeletionShare> => {
        const b = await open({ database: addressOf(database), side: 'referencing' })
        return { database, receipt: await readReceiptOf(b, { source: source.name, target, id, ...logged }) }
      }),
    )
    const isSwept = databases.every(({ receipt }) => receipt !== null)
    return { id, deletedAt: logged.deletedAt, isSwept, databases }
  })
}

interface Logged {
  readonly epoch: string
  readonly xid: string
  readonly deletedAt: string
}

async function readLog(a: Sql, target: string, id: string): Promise<Logged | undefined> {
  const { rows } = await a.query<Logged>(
    `SELECT epoch, xid::text AS xid, to_json(at) #>> '{}' AS "deletedAt"
       FROM integrity.delete_log WHERE target = $1 AND id = $2`,
    [target, id],
  )
  return rows[0]
}

/**
 * Recomputes the chain of receipts in every database that refers to the given one.
 * @returns the batches that aren't as they were written, by database; none where all is well
 */
export async function verifyDeletions(
  client: ReferencedClient,
  referencing: Databases,
): Promise<readonly { readonly database: string; readonly broken: readonly BrokenBatch[] }[]> {
  const { links, addressOf } = connectTo(descriptionOf(client), referencing)
  return await withSessions('receipts', async (open) =>
    Promise.all(
      links.map(async ({ source, referencing: database }) => {
        const b = await open({ database: addressOf(database), side: 'referencing' })
        return { database, broken: await verifyReceipts(b, source) }
      }),
    ),
  )
}

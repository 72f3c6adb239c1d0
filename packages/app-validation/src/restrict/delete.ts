import type { BarrierOptions } from '../sweep/barrier.ts'
import { inTransaction, type Sql } from '../sweep/sql.ts'
import { arbitrate, type DeleteRequest, type Party } from './arbitrate.ts'

/**
 * Deletes rows that other databases refer to, when no RESTRICT reference forbids it. The deletion is arbitrated
 * whether or not there is such a reference, so that the same call goes on working when one is declared.
 * @param arbiter a session of the source for the decision
 * @param deleter another one, for the transaction that deletes
 * @returns the rows deleted; ids that aren't there count for nothing
 * @throws `delete.restricted`, `delete.contended`, `sweep.blind`, and what the driver throws
 */
export async function deleteArbitrated(
  arbiter: Sql,
  deleter: Sql,
  parties: readonly Party[],
  request: DeleteRequest,
  options: BarrierOptions = {},
): Promise<number> {
  const text = deleteStatement(parties, request.target)
  return await arbitrate(
    arbiter,
    parties,
    request,
    async (token) =>
      await inTransaction(deleter, async () => {
        await deleter.query('SELECT integrity.carry_intent($1::uuid)', [token])
        return (await deleter.query(text, [request.ids])).rowCount ?? 0
      }),
    options,
  )
}

/** The id is compared in its own type, so that the index serves. */
function deleteStatement(parties: readonly Party[], target: string): string {
  const column = parties.flatMap(({ link }) => link.columns).find((each) => each.target === target)
  if (!column) throw new TypeError(`no reference names ${target}`)
  const { targetTable, targetColumn, type } = column
  return `DELETE FROM ${targetTable} WHERE ${targetColumn} = ANY ($1::text[]::${type}[])`
}

import { errorCode, errorMessage, isFailure } from '@manybase/failure'
import type { Link, ReferencingColumn } from '../sweep/link.ts'
import { inTransaction, type Sql } from '../sweep/sql.ts'
import { arbitrate, type DeleteRequest, type Party, restrictingColumns } from './arbitrate.ts'
import { watched } from './blockers.ts'
import { deleteHeld, deleteIdUnreadable, deleteUnasked } from './failures.ts'
import { type DeleteOptions, makePatience, type Patience } from './patience.ts'

/**
 * Deletes rows that other databases refer to, when no RESTRICT reference forbids it. The same call serves where there is
 * no such reference, so that it goes on working when one is declared. It may be repeated: who is gone counts for nothing.
 * @param arbiter a session of the source for the decision
 * @param deleter another one, for the transaction that deletes
 * @param parties all databases that refer to the source
 * @returns the ids of the rows deleted, as the database writes them
 * @throws `delete.restricted`, `delete.contended`, `delete.held`, `delete.unasked`, `delete.id-unreadable`, `sweep.blind`,
 *   and what the driver throws
 */
export async function deleteArbitrated(
  arbiter: Sql,
  deleter: Sql,
  parties: readonly Party[],
  { target, ids: given }: DeleteRequest,
  options: DeleteOptions = {},
): Promise<readonly string[]> {
  const patience = makePatience(options)
  const link = parties.map((party) => party.link).find((each) => columnOf(each, target))
  const column = link && columnOf(link, target)
  if (!link || !column) throw new TypeError(`no reference names ${target}`)
  const { source } = link
  await refuseUnasked(arbiter, source, parties)
  const ids = await livingAmong(arbiter, column, given)
  if (ids.length === 0) return []
  const remove = (token?: string) => removeRows({ arbiter, deleter, source, column, ids, patience }, token)
  const asked = parties.filter(({ link }) => restrictingColumns(link, target).length > 0)
  try {
    return asked.length === 0
      ? await remove()
      : await arbitrate(arbiter, asked, { target, ids }, remove, patience)
  } catch (error) {
    if (isFailure(error)) throw error
    // The answer to a COMMIT may be lost with its session, and the deletion not.
    const gone = await loggedAmong(arbiter, target, ids).catch(() => [])
    if (gone.length > 0) return gone
    throw error
  }
}

const columnOf = ({ columns }: Link, target: string) => columns.find((each) => each.target === target)

/** Who is left out could have forbidden it, and would be left with rows that nobody sweeps. */
async function refuseUnasked(arbiter: Sql, source: string, parties: readonly Party[]): Promise<void> {
  const known = parties.map(({ link }) => link.referencing)
  const { rows } = await arbiter.query<{ consumer: string }>(
    'SELECT consumer FROM integrity.consumer WHERE consumer <> ALL ($1) ORDER BY consumer',
    [known],
  )
  if (rows.length > 0) throw deleteUnasked({ source, databases: rows.map(({ consumer }) => consumer) })
}

/** Each once, and as the database writes it, since the log and the intents keep ids as text. */
async function livingAmong(
  arbiter: Sql,
  { target, targetTable, targetColumn, type }: ReferencingColumn,
  ids: readonly string[],
): Promise<readonly string[]> {
  const text = `SELECT ${targetColumn}::text AS id FROM ${targetTable} WHERE ${targetColumn} = ANY ($1::text[]::${type}[]) ORDER BY 1`
  try {
    return (await arbiter.query<{ id: string }>(text, [ids])).rows.map(({ id }) => id)
  } catch (error) {
    const isUnreadable = errorCode(error)?.startsWith('22') === true
    throw isUnreadable ? deleteIdUnreadable({ target, problem: errorMessage(error) }, error) : error
  }
}

async function loggedAmong(arbiter: Sql, target: string, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await arbiter.query<{ id: string }>(
    'SELECT id FROM integrity.delete_log WHERE target = $1 AND id = ANY ($2) ORDER BY id',
    [target, ids],
  )
  return rows.map(({ id }) => id)
}

interface Removal {
  readonly arbiter: Sql
  readonly deleter: Sql
  readonly source: string
  readonly column: ReferencingColumn
  readonly ids: readonly string[]
  readonly patience: Patience
}

const lockNotAvailable = '55P03'

/** @param token of the intent, where there is one */
async function removeRows(
  { arbiter, deleter, source, column, ids, patience }: Removal,
  token: string | undefined,
): Promise<readonly string[]> {
  const { target, targetTable, targetColumn, type } = column
  // The id is compared in its own type, so that the index serves.
  const text = `DELETE FROM ${targetTable} WHERE ${targetColumn} = ANY ($1::text[]::${type}[]) RETURNING ${targetColumn}::text AS id`
  const [self] = (await deleter.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
  const outcome = await watched(arbiter, self?.pid ?? 0, patience, () =>
    inTransaction(deleter, async () => {
      // 0 would be for ever.
      await deleter.query(`SET LOCAL lock_timeout = ${Math.max(1, Math.ceil(patience.left()))}`)
      if (token !== undefined) await deleter.query('SELECT integrity.carry_intent($1::uuid)', [token])
      return (await deleter.query<{ id: string }>(text, [ids])).rows.map(({ id }) => id)
    }),
  )
  if ('result' in outcome) return outcome.result
  const { error, holders } = outcome
  if (errorCode(error) !== lockNotAvailable) throw error
  throw deleteHeld({ target, database: source, holders, milliseconds: patience.limit }, error)
}

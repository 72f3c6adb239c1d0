import { errorCode } from '@manybase/failure'
import { barrier, type Holder } from '../sweep/barrier.ts'
import { countStatement } from '../sweep/batch.ts'
import type { Link } from '../sweep/link.ts'
import type { Sql } from '../sweep/sql.ts'
import { deleteContended, deleteHeld, deleteRestricted, type Restricting } from './failures.ts'
import { makePatience, type Patience } from './patience.ts'
import { release, reserve } from './reservation.ts'

/** A referencing database that has a say. */
export interface Party {
  readonly link: Link
  readonly b: Sql
}

export interface DeleteRequest {
  /** `public.users.id` */
  readonly target: string
  readonly ids: readonly string[]
}

const uniqueViolation = '23505'

/**
 * Deletes rows that RESTRICT references may name, or refuses. The source arbitrates:
 * 1. an intent is recorded there, and the ids are reserved in every referencing database, where writers that name
 *    them retry from then on;
 * 2. behind a barrier, so that what was under way is committed, the referencing rows are looked for;
 * 3. with none found the intent becomes clear, and `remove` deletes; the trigger there lets a delete pass only in a
 *    transaction that carries the token of a clear intent (`SELECT integrity.carry_intent(token)`).
 *
 * The reservations stay until the sweeper has put tombstones in their place. A crash anywhere leaves at most an
 * intent that the sweeper cancels, in the source before it releases the reservations.
 *
 * @throws `delete.restricted`, `delete.contended`, `delete.held`, `sweep.blind`, and whatever `remove` throws
 */
export async function arbitrate<T>(
  a: Sql,
  parties: readonly Party[],
  request: DeleteRequest,
  remove: (token: string) => Promise<T>,
  patience: Patience = makePatience(),
): Promise<T> {
  const token = await openIntent(a, request)
  try {
    const found = await Promise.all(
      parties.map((party) => lookBehindBarrier(party, request, token, patience)),
    )
    const restricting = found.flat()
    if (restricting.length > 0) throw deleteRestricted({ target: request.target, restricting })
    const { rows } = await a.query<{ clear: boolean }>('SELECT integrity.clear_intent($1::uuid) AS clear', [
      token,
    ])
    if (rows[0]?.clear !== true) throw deleteContended({ target: request.target })
    return await remove(token)
  } catch (error) {
    await giveUp(a, parties, token)
    throw error
  }
}

async function openIntent(a: Sql, { target, ids }: DeleteRequest): Promise<string> {
  try {
    const { rows } = await a.query<{ token: string }>('SELECT integrity.open_intent($1, $2)::text AS token', [
      target,
      ids,
    ])
    const token = rows[0]?.token
    if (token === undefined) throw new Error('integrity.open_intent returned nothing')
    return token
  } catch (error) {
    throw errorCode(error) === uniqueViolation ? deleteContended({ target }, error) : error
  }
}

async function lookBehindBarrier(
  { link, b }: Party,
  { target, ids }: DeleteRequest,
  token: string,
  patience: Patience,
): Promise<readonly Restricting[]> {
  const columns = restrictingColumns(link, target)
  if (columns.length === 0) return []
  await reserve(b, { source: link.source, target, ids, token }).catch((error) => {
    throw errorCode(error) === uniqueViolation ? deleteContended({ target }, error) : error
  })
  await passBarrier({ link, b }, target, patience)
  const { rows } = await b.query<{ reference: string; id: string; rows: number }>(countStatement(columns), [
    ids,
  ])
  return rows.map((count) => ({ ...count, database: link.referencing }))
}

export const restrictingColumns = (link: Link, target: string): Link['columns'] =>
  link.columns.filter((column) => column.target === target && column.onDelete === 'Restrict')

async function passBarrier({ link, b }: Party, target: string, patience: Patience): Promise<void> {
  let holders: readonly Holder[] = []
  const onWait = (seen: readonly Holder[]) => {
    holders = seen
    patience.onWait(seen)
  }
  await barrier(b, { interval: patience.interval, signal: patience.signal, onWait }).catch((error) => {
    if (!patience.isOver()) throw error
    throw deleteHeld({ target, database: link.referencing, holders, milliseconds: patience.limit }, error)
  })
}

/** In the source first: once it is cancelled there, nothing can be deleted under it, and writers may go on. */
async function giveUp(a: Sql, parties: readonly Party[], token: string): Promise<void> {
  // Whatever fails here is done by the sweeper later; the error that counts is the first.
  try {
    const { rows } = await a.query<{ cancelled: boolean }>(
      'SELECT integrity.cancel_intent($1::uuid) AS cancelled',
      [token],
    )
    if (rows[0]?.cancelled !== true) return
    await Promise.all(parties.map(({ b }) => release(b, token)))
    await a.query('SELECT integrity.close_intent($1::uuid)', [token])
  } catch {}
}

import { describe, expect, test } from '@jest/globals'
import { sweepOnce } from '../sweep/round.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { arbitrate } from './arbitrate.ts'
import { recoverIntents } from './recover.ts'

const target = 'public.users.id'

/** Deletes these users, with the token in the deleting transaction. */
async function remove({ a, b, link }: Pair, ids: readonly string[]): Promise<number> {
  const [arbiter, party, deleter] = [await a.connect(), await b.connect(), await a.connect()]
  return await arbitrate(arbiter, [{ link, b: party }], { target, ids }, async (token) => {
    await deleter.query('BEGIN')
    await deleter.query('SELECT integrity.carry_intent($1::uuid)', [token])
    const { rowCount } = await deleter.query('DELETE FROM users WHERE id = ANY ($1::integer[])', [ids])
    await deleter.query('COMMIT')
    return rowCount ?? 0
  })
}

const statesOf = async ({ a, b }: Pair) => ({
  users: (await a.client.query('SELECT id FROM users ORDER BY id')).rows.map(({ id }: { id: number }) => id),
  intents: (await a.client.query('SELECT state FROM integrity.intent')).rows.map(
    ({ state }: { state: string }) => state,
  ),
  reservations: (await b.client.query('SELECT FROM integrity.reservation')).rows.length,
})

async function makeUsers(): Promise<Pair> {
  const pair = await makePair()
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 3) AS n")
  return pair
}

describe('a row that a RESTRICT reference may name', () => {
  test('is deleted when nothing names it, and the tombstone takes the place of the reservation', async () => {
    await using pair = await makeUsers()
    expect(await remove(pair, ['1', '2'])).toBe(2)
    expect(await statesOf(pair)).toEqual({ users: [3], intents: ['deleted', 'deleted'], reservations: 2 })
    await sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    expect(await statesOf(pair)).toMatchObject({ reservations: 0 })
  })

  test('stays when something names it: the failure says what, and nothing is left behind', async () => {
    await using pair = await makeUsers()
    await pair.b.client.query('INSERT INTO invoices (user_id) VALUES (1), (1), (2)')
    await expect(remove(pair, ['1'])).rejects.toMatchObject({
      code: 'delete.restricted',
      meta: { restricting: [{ reference: 'public.invoices.user_id', database: 'specs', id: '1', rows: 2 }] },
    })
    expect(await statesOf(pair)).toEqual({ users: [1, 2, 3], intents: [], reservations: 0 })
    await pair.b.client.query('INSERT INTO invoices (user_id) VALUES (1)')
  })

  test('cannot be deleted past the arbiter', async () => {
    await using pair = await makeUsers()
    await expect(pair.a.client.query('DELETE FROM users WHERE id = 1')).rejects.toMatchObject({
      code: '23503',
      hint: expect.stringContaining('anonymise'),
    })
  })

  test('cannot be named while it is decided: the writer is told to retry', async () => {
    await using pair = await makeUsers()
    const slow = await pair.b.connect()
    await slow.query('BEGIN; SELECT 1')
    const removing = remove(pair, ['1'])
    await pause(300)
    await expect(pair.b.client.query('INSERT INTO invoices (user_id) VALUES (1)')).rejects.toMatchObject({
      code: '40001',
    })
    await pair.b.client.query('INSERT INTO invoices (user_id) VALUES (2)')
    await slow.query('COMMIT')
    expect(await removing).toBe(1)
  })

  test('stays when a writer was there before the reservation, though it commits after it', async () => {
    await using pair = await makeUsers()
    const writer = await pair.b.connect()
    await writer.query('BEGIN; INSERT INTO invoices (user_id) VALUES (1)')
    const removing = remove(pair, ['1'])
    removing.catch(() => {})
    await pause(300)
    await writer.query('COMMIT')
    await expect(removing).rejects.toMatchObject({ code: 'delete.restricted' })
  })

  test('is deleted by one of two at once', async () => {
    await using pair = await makeUsers()
    const both = await Promise.allSettled([remove(pair, ['1']), remove(pair, ['1'])])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'delete.contended',
    })
  })
})

describe('an arbiter that died', () => {
  /** As if everything had happened an hour ago. */
  const age = async ({ a, b }: Pair) => {
    await a.client.query("UPDATE integrity.intent SET changed_at = changed_at - interval '1 hour'")
    await b.client.query("UPDATE integrity.reservation SET at = at - interval '1 hour'")
  }
  const recover = async ({ a, b, link }: Pair) =>
    await recoverIntents({ a: await a.connect(), b: await b.connect() }, link)

  test('before the delete loses its intent, and writers go on', async () => {
    await using pair = await makeUsers()
    const { rows } = await pair.a.client.query<{ token: string }>(
      `SELECT integrity.open_intent('${target}', '{1}') AS token`,
    )
    const token = rows[0]?.token
    await pair.b.client.query(
      `INSERT INTO integrity.reservation (source, target, id, token) VALUES ('auth', '${target}', '1', $1)`,
      [token],
    )
    await recover(pair)
    expect(await statesOf(pair)).toMatchObject({ intents: ['open'], reservations: 1 })
    await age(pair)
    await recover(pair)
    expect(await statesOf(pair)).toMatchObject({ reservations: 0, users: [1, 2, 3] })
    await expect(
      pair.a.client.query('SELECT integrity.clear_intent($1) AS clear', [token]),
    ).resolves.toMatchObject({
      rows: [{ clear: false }],
    })
  })

  test('after the delete leaves its reservations until the tombstone is there', async () => {
    await using pair = await makeUsers()
    await remove(pair, ['1'])
    await age(pair)
    await recover(pair)
    await age(pair)
    await recover(pair)
    expect(await statesOf(pair)).toEqual({ users: [2, 3], intents: [], reservations: 1 })
    await sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    expect(await statesOf(pair)).toMatchObject({ reservations: 0 })
  })
})

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

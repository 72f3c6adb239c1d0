import { describe, expect, test } from '@jest/globals'
import { takeIn } from '../sweep/intake.ts'
import { sweepOnce } from '../sweep/round.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { revive } from './revive.ts'

const reviveUser = async ({ a, b, link }: Pair, id: string) =>
  await revive(await a.connect(), [{ link, b: await b.connect() }], 'public.users.id', id)

const sweep = async ({ a, b, link }: Pair) =>
  await sweepOnce({ a: await a.connect(), b: await b.connect() }, link)

async function deletedUser(): Promise<Pair> {
  const pair = await makePair(['projects'])
  await pair.a.client.query("INSERT INTO users VALUES (1, ''), (2, ''); DELETE FROM users WHERE id = 1")
  return pair
}

describe('a deleted id', () => {
  test('cannot be inserted again, nor named', async () => {
    await using pair = await deletedUser()
    await sweep(pair)
    await expect(pair.a.client.query("INSERT INTO users VALUES (1, '')")).rejects.toMatchObject({
      code: 'IR001',
    })
    await expect(pair.b.client.query('INSERT INTO projects (user_id) VALUES (1)')).rejects.toMatchObject({
      code: '23503',
    })
  })

  test('is revived once its sweep is complete; later sweeps leave its new rows alone', async () => {
    await using pair = await deletedUser()
    await sweep(pair)
    expect(await reviveUser(pair, '1')).toBe(true)
    await pair.a.client.query("INSERT INTO users VALUES (1, '')")
    await pair.b.client.query('INSERT INTO projects (user_id) VALUES (1)')
    // A referencing database that was restored takes the whole log over again.
    await pair.b.client.query('DELETE FROM integrity.cursor')
    await sweep(pair)
    expect((await pair.b.client.query('SELECT user_id FROM projects')).rows).toEqual([{ user_id: 1 }])
  })

  test('is not revived before, with or without its tombstone', async () => {
    await using pair = await deletedUser()
    await expect(reviveUser(pair, '1')).rejects.toMatchObject({ code: 'revive.too-early' })
    await takeIn({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    await expect(reviveUser(pair, '1')).rejects.toMatchObject({ code: 'revive.too-early' })
    await expect(pair.a.client.query("INSERT INTO users VALUES (1, '')")).rejects.toMatchObject({
      code: 'IR001',
    })
  })

  test('is revived in the end when the first attempt died half-way', async () => {
    await using pair = await deletedUser()
    await sweep(pair)
    await pair.b.client.query("SELECT integrity.revive('auth', 'public.users.id', '1')")
    expect(await reviveUser(pair, '1')).toBe(true)
    await pair.a.client.query("INSERT INTO users VALUES (1, '')")
  })

  test('may be deleted and swept once more, and has two receipts', async () => {
    await using pair = await deletedUser()
    await sweep(pair)
    await reviveUser(pair, '1')
    await pair.a.client.query("INSERT INTO users VALUES (1, '')")
    await pair.b.client.query('INSERT INTO projects (user_id) VALUES (1)')
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    expect(await sweep(pair)).toEqual({ taken: 1, rows: 1, closed: 1 })
    expect((await pair.b.client.query('SELECT FROM integrity.receipt')).rows).toHaveLength(2)
  })

  test('is swept once more when it came back unseen and was deleted again, and can be revived after that', async () => {
    await using pair = await deletedUser()
    await sweep(pair)
    await pair.a.client.query(`ALTER TABLE users DISABLE TRIGGER USER; INSERT INTO users VALUES (1, '')`)
    const { rows } = await pair.a.client.query<{ name: string }>(
      `SELECT quote_ident(tgname) AS name FROM pg_trigger WHERE tgrelid = 'users'::regclass AND NOT tgisinternal`,
    )
    for (const { name } of rows) await pair.a.client.query(`ALTER TABLE users ENABLE ALWAYS TRIGGER ${name}`)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await expect(reviveUser(pair, '1')).rejects.toMatchObject({ code: 'revive.too-early' })
    expect(await sweep(pair)).toEqual({ taken: 1, rows: 0, closed: 1 })
    expect(await sweep(pair)).toEqual({ taken: 0, rows: 0, closed: 0 })
    expect(await reviveUser(pair, '1')).toBe(true)
  })
})

test('an id that was never deleted needs no reviving', async () => {
  await using pair = await deletedUser()
  expect(await reviveUser(pair, '2')).toBe(false)
})

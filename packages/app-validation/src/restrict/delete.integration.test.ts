import { describe, expect, test } from '@jest/globals'
import { sweepOnce } from '../sweep/round.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { deleteArbitrated } from './delete.ts'
import type { DeleteOptions } from './patience.ts'

const target = 'public.users.id'

async function remove({ a, b, link }: Pair, ids: readonly string[], options: DeleteOptions = {}) {
  const [arbiter, deleter, party] = [await a.connect(), await a.connect(), await b.connect()]
  return await deleteArbitrated(arbiter, deleter, [{ link, b: party }], { target, ids }, options)
}

const statesOf = async ({ a, b }: Pair) => ({
  users: (await a.client.query('SELECT id FROM users ORDER BY id')).rows.map(({ id }: { id: number }) => id),
  intents: (await a.client.query('SELECT FROM integrity.intent')).rows.length,
  reservations: (await b.client.query('SELECT FROM integrity.reservation')).rows.length,
})

async function makeUsers(only?: readonly string[]): Promise<Pair> {
  const pair = await makePair(only)
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 3) AS n")
  return pair
}

describe('a deletion', () => {
  test('gives the ids that were there, each once, however they are written, and can be repeated', async () => {
    await using pair = await makeUsers()
    expect(await remove(pair, ['2', '02', ' 1', '99'])).toEqual(['1', '2'])
    expect(await remove(pair, ['1', '2'])).toEqual([])
    expect(await statesOf(pair)).toMatchObject({ users: [3] })
  })

  test('is refused whole for an id that cannot be one', async () => {
    await using pair = await makeUsers()
    await expect(remove(pair, ['1', 'one'])).rejects.toMatchObject({
      code: 'delete.id-unreadable',
      why: expect.stringContaining('"one"'),
    })
    expect(await statesOf(pair)).toEqual({ users: [1, 2, 3], intents: 0, reservations: 0 })
  })

  test('leaves nothing to clear away where nothing restricts it', async () => {
    await using pair = await makeUsers(['projects', 'notes'])
    expect(await remove(pair, ['1'])).toEqual(['1'])
    expect(await statesOf(pair)).toEqual({ users: [2, 3], intents: 0, reservations: 0 })
  })

  test('is refused when a database that follows deletions is left out', async () => {
    await using pair = await makeUsers()
    await sweepOnce({ a: await pair.a.connect(), b: await pair.b.connect() }, pair.link)
    expect(await remove(pair, ['1'])).toEqual(['1'])
    await pair.a.client.query("SELECT integrity.acknowledge('billing', '1:1', '3')")
    await expect(remove(pair, ['2'])).rejects.toMatchObject({
      code: 'delete.unasked',
      meta: { source: 'auth', databases: ['billing'] },
    })
  })
})

describe('a deletion that waits too long', () => {
  test('for a transaction that may name the row says whose it is, and leaves nothing behind', async () => {
    await using pair = await makeUsers()
    const long = await pair.b.connect()
    await long.query("SET application_name = 'report'; BEGIN; SELECT 1")
    const seen: unknown[] = []
    await expect(
      remove(pair, ['1'], { timeout: 200, onWait: (holders) => seen.push(...holders) }),
    ).rejects.toMatchObject({
      code: 'delete.held',
      exitCode: 2,
      why: expect.stringContaining('report'),
      meta: { database: 'specs', milliseconds: 200, holders: [{ kind: 'virtual', application: 'report' }] },
    })
    expect(seen).not.toHaveLength(0)
    expect(await statesOf(pair)).toEqual({ users: [1, 2, 3], intents: 0, reservations: 0 })
    await pair.b.client.query('INSERT INTO invoices (user_id) VALUES (1)')
  })

  test('for somebody who holds the row itself says whose transaction that is', async () => {
    await using pair = await makeUsers()
    const writer = await pair.a.connect()
    await writer.query("SET application_name = 'writer'; BEGIN; SELECT FROM users WHERE id = 1 FOR KEY SHARE")
    await expect(remove(pair, ['1'], { timeout: 400 })).rejects.toMatchObject({
      code: 'delete.held',
      meta: { database: 'auth', holders: [{ kind: 'virtual', application: 'writer' }] },
    })
    expect(await statesOf(pair)).toEqual({ users: [1, 2, 3], intents: 0, reservations: 0 })
    await writer.query('COMMIT')
    expect(await remove(pair, ['1'])).toEqual(['1'])
  })

  test('is called off by the caller, and leaves nothing behind', async () => {
    await using pair = await makeUsers()
    const long = await pair.b.connect()
    await long.query('BEGIN; SELECT 1')
    await expect(remove(pair, ['1'], { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(await statesOf(pair)).toEqual({ users: [1, 2, 3], intents: 0, reservations: 0 })
  })
})

test('a deletion whose answer is lost with its session is known by the log', async () => {
  await using pair = await makeUsers()
  const [arbiter, deleter, party] = [await pair.a.connect(), await pair.a.connect(), await pair.b.connect()]
  deleter.on('error', () => {})
  const cut = {
    escapeLiteral: deleter.escapeLiteral,
    query: async <R extends object>(text: string, values?: readonly unknown[]) => {
      const result = await deleter.query<R>(text, values && [...values])
      if (text === 'COMMIT') throw new Error('Connection terminated unexpectedly')
      return result
    },
  }
  const parties = [{ link: pair.link, b: party }]
  expect(await deleteArbitrated(arbiter, cut, parties, { target, ids: ['1'] })).toEqual(['1'])
  expect(await statesOf(pair)).toMatchObject({ users: [2, 3], reservations: 1 })
})

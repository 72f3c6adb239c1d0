import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import { Client } from 'pg'
import { readControl } from '../control/control.ts'
import { deleteArbitrated } from '../restrict/delete.ts'
import type { Sessions } from '../sweep/intake.ts'
import { sweepOnce } from '../sweep/round.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import { thaw } from './thaw.ts'

let pair: Pair
let urls: { a: string; b: string }
const drops: (() => Promise<void>)[] = []

beforeEach(async () => {
  pair = await makePair(['projects'])
  urls = { a: pair.a.url, b: pair.b.url }
  // A database that is copied has to be without connections.
  await Promise.all([pair.a.client.end(), pair.b.client.end()])
  await onA("INSERT INTO users SELECT n, '' FROM generate_series(1, 5) AS n")
  await onB('INSERT INTO projects (user_id) SELECT n FROM generate_series(1, 5) AS n')
})
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop()
  await pair[Symbol.asyncDispose]()
})

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const onA = (sql: string) => connected(urls.a, async (client) => (await client.query(sql)).rows)
const onB = (sql: string) => connected(urls.b, async (client) => (await client.query(sql)).rows)
const withBoth = <T>(work: (sessions: Sessions) => Promise<T>) =>
  connected(urls.a, (a) => connected(urls.b, (b) => work({ a, b })))
const sweep = (onReplay = () => {}) => withBoth((sessions) => sweepOnce(sessions, pair.link, { onReplay }))
const control = () => connected(urls.b, (client) => readControl(client, 'auth'))
const resume = (accept?: boolean) => withBoth((sessions) => thaw(sessions, pair.link, accept))

/** @returns the URL of a copy */
async function copyOf(url: string): Promise<string> {
  const copy = await (await testServer()).createDatabase({ template: new URL(url).pathname.slice(1) })
  drops.push(() => copy.drop())
  return copy.url
}

describe('a referenced database that was restored to the past', () => {
  test('freezes the sweeping until a person has accepted who lives again', async () => {
    await onA('DELETE FROM users WHERE id = 1')
    await sweep()
    const backup = await copyOf(urls.a)
    await onA('DELETE FROM users WHERE id IN (2, 3)')
    await sweep()
    urls = { ...urls, a: backup }

    await expect(sweep()).rejects.toMatchObject({ code: 'sweep.paused' })
    expect(await control()).toMatchObject({
      state: 'frozen',
      reason: expect.stringContaining('auth was restored to the past'),
    })
    await expect(resume()).rejects.toMatchObject({
      code: 'resume.living',
      meta: { ids: 2, examples: ['2', '3'] },
    })
    await expect(sweep()).rejects.toMatchObject({ code: 'sweep.paused' })

    expect(await resume(true)).toMatchObject({ was: { state: 'frozen' }, lifted: 2 })
    await onB('INSERT INTO projects (user_id) VALUES (2)')
    await expect(onB('INSERT INTO projects (user_id) VALUES (1)')).rejects.toMatchObject({ code: '23503' })
    await sweep()
    await sweep()
    expect(await control()).toBeUndefined()
    expect(await onB('SELECT user_id FROM projects ORDER BY 1')).toEqual([
      { user_id: 2 },
      { user_id: 4 },
      { user_id: 5 },
    ])
  })

  test('is noticed although a long transaction holds back how far both sides say they are', async () => {
    await connected(urls.a, async (client) => {
      await client.query('BEGIN; SELECT pg_current_xact_id()')
      await onA('DELETE FROM users WHERE id = 1')
      await sweep()
      await client.query('COMMIT')
    })
    const held = await onB('SELECT horizon::text FROM integrity.cursor')
    const backup = await copyOf(urls.a)
    await onA('DELETE FROM users WHERE id IN (2, 3)')
    await sweep()
    await onB(`UPDATE integrity.cursor SET horizon = '${String(held[0]?.horizon)}'`)
    urls = { ...urls, a: backup }
    await expect(sweep()).rejects.toMatchObject({
      code: 'sweep.paused',
      why: expect.stringMatching(/[23] was deleted/),
    })
  })

  test('is noticed as well when the backup is older than the first sweep', async () => {
    const backup = await copyOf(urls.a)
    await onA('DELETE FROM users WHERE id = 1')
    await sweep()
    urls = { ...urls, a: backup }
    await expect(sweep()).rejects.toMatchObject({ code: 'sweep.paused' })
    await onA('DELETE FROM users WHERE id = 1')
    expect(await resume()).toMatchObject({ was: { state: 'frozen' }, lifted: 0 })
    await sweep()
  })

  test('is no matter where nothing was taken over since the backup', async () => {
    await onA('DELETE FROM users WHERE id = 1')
    await sweep()
    urls = { ...urls, a: await copyOf(urls.a) }
    await onA('DELETE FROM users WHERE id = 2')
    expect(await sweep()).toMatchObject({ taken: 1, closed: 1 })
  })
})

test('a referencing database that was restored takes over again what it lost, and says so', async () => {
  let replays = 0
  const count = () => {
    replays += 1
  }
  await onA('DELETE FROM users WHERE id = 1')
  await sweep(count)
  const backup = await copyOf(urls.b)
  await onA('DELETE FROM users WHERE id = 2')
  await sweep(count)
  expect(replays).toBe(0)
  urls = { ...urls, b: backup }
  expect(await sweep(count)).toMatchObject({ taken: 1, rows: 1, closed: 1 })
  await sweep(count)
  expect(replays).toBe(1)
  expect(await control()).toBeUndefined()
})

test('what a restored referencing database brings back under RESTRICT stays, and the receipt says so', async () => {
  await using restricted = await makePair(['invoices'])
  urls = { a: restricted.a.url, b: restricted.b.url }
  await Promise.all([restricted.a.client.end(), restricted.b.client.end()])
  const follow = () => withBoth((sessions) => sweepOnce(sessions, restricted.link))
  await onA("INSERT INTO users VALUES (1, '')")
  await onB('INSERT INTO invoices (user_id) VALUES (1)')
  const backup = await copyOf(urls.b)
  await onB('DELETE FROM invoices')
  await connected(urls.a, (arbiter) =>
    withBoth(({ a, b }) =>
      deleteArbitrated(arbiter, a, [{ link: restricted.link, b }], { target: 'public.users.id', ids: ['1'] }),
    ),
  )
  await follow()
  urls = { ...urls, b: backup }
  expect(await follow()).toMatchObject({ taken: 1, rows: 0, closed: 1 })
  expect(await onB("SELECT done #> '{public.invoices.user_id}' AS done FROM integrity.receipt")).toEqual([
    { done: { action: 'Restrict', rows: 0, left: 1 } },
  ])
})

test('what a person has paused stays as it was said', async () => {
  await onA('DELETE FROM users WHERE id = 1')
  await sweep()
  await onA('DELETE FROM integrity.consumer')
  await onB("INSERT INTO integrity.control (source, state, reason) VALUES ('auth', 'paused', 'lunch')")
  await expect(sweep()).rejects.toMatchObject({ why: expect.stringContaining('lunch') })
  expect(await resume()).toMatchObject({ was: { state: 'paused' }, lifted: 0 })
  await expect(sweep()).rejects.toMatchObject({ why: expect.stringContaining('was restored to the past') })
})

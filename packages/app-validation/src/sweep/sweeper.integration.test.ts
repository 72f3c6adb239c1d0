import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { pause, resume } from '../control/control.ts'
import { makePair, type Pair } from '../testing/pair.ts'
import type { SweepEvent } from './event.ts'
import { type Sweeper, startSweeper } from './sweeper.ts'

interface Watched extends AsyncDisposable {
  readonly events: SweepEvent[]
  readonly sweeper: Sweeper
}

function watch({ a, b, references }: Pair, pollInterval = 200): Watched {
  const events: SweepEvent[] = []
  const at = (url: string) => () => ({ connectionString: url })
  const sweeper = startSweeper(
    { users: { name: 'auth', pool: at(a.url) }, specs: { name: 'specs', pool: at(b.url), references } },
    { pollInterval, onEvent: (event) => events.push(event) },
  )
  return { events, sweeper, [Symbol.asyncDispose]: () => sweeper.stop() }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('it did not come to that')
    await sleep(20)
  }
}

const kinds = ({ events }: Watched) => events.map(({ kind }) => kind)
const receipts = async ({ b }: Pair) => (await b.client.query('SELECT FROM integrity.receipt')).rows.length
const left = async ({ b }: Pair) => (await b.client.query('SELECT FROM projects')).rows.length

async function makeUsers(): Promise<Pair> {
  const pair = await makePair(['projects'])
  await pair.a.client.query("INSERT INTO users SELECT n, '' FROM generate_series(1, 9) AS n")
  await pair.b.client.query('INSERT INTO projects (user_id) SELECT n FROM generate_series(1, 9) AS n')
  return pair
}

describe('a sweeper', () => {
  test('follows deletions as they come', async () => {
    await using pair = await makeUsers()
    await using watched = watch(pair)
    await until(() => kinds(watched).includes('connected'))
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(async () => (await receipts(pair)) === 1)
    await pair.a.client.query('DELETE FROM users WHERE id < 4')
    await until(async () => (await receipts(pair)) === 3)
    expect(await left(pair)).toBe(6)
  })

  test('tells what it does in the order in which it does it', async () => {
    await using pair = await makeUsers()
    await using watched = watch(pair)
    await until(() => kinds(watched).includes('connected'))
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(() => kinds(watched).includes('closed'))
    expect(watched.events).toMatchObject([
      { kind: 'connected' },
      { kind: 'taken', tombstones: 1 },
      { kind: 'cleared', rows: 1 },
      { kind: 'closed', ids: 1 },
    ])
  })

  test('clears what is visible while a long transaction holds up the barrier', async () => {
    await using pair = await makeUsers()
    const long = await pair.b.connect()
    await long.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    await using watched = watch(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(() => kinds(watched).includes('waiting'))
    await pair.a.client.query('DELETE FROM users WHERE id = 2')
    await until(async () => (await left(pair)) === 7)
    expect(await receipts(pair)).toBe(0)
    await long.query('COMMIT')
    await until(async () => (await receipts(pair)) === 2)
  })

  test('gets over the loss of its connections to either database', async () => {
    await using pair = await makeUsers()
    await using watched = watch(pair)
    for (const [round, { client }] of [pair.a, pair.b, pair.a].entries()) {
      await until(() => kinds(watched).filter((kind) => kind === 'connected').length === round + 1)
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'manybase sweeper%'`)
      await until(() => kinds(watched).filter((kind) => kind === 'failed').length === round + 1)
      await pair.a.client.query('DELETE FROM users WHERE id = $1', [round + 1])
    }
    await until(async () => (await receipts(pair)) === 3)
  })

  test('stops cleanly, also while it waits for the barrier, and leaves no connection', async () => {
    await using pair = await makeUsers()
    const long = await pair.b.connect()
    await long.query('BEGIN; SELECT 1')
    const watched = watch(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(() => kinds(watched).includes('waiting'))
    await watched.sweeper.stop()
    const { rows } = await pair.b.client.query(`SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'manybase sweeper%'`)
    expect(rows).toHaveLength(0)
    await long.query('COMMIT')
  })

  test('rests while it is paused, says so, and goes on after', async () => {
    await using pair = await makeUsers()
    await pause(pair.b.client, 'auth', 'an investigation')
    await using watched = watch(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(() => watched.events.some((event) => event.kind === 'failed'))
    expect(watched.events.find((event) => event.kind === 'failed')).toMatchObject({
      error: { code: 'sweep.paused' },
    })
    expect(await left(pair)).toBe(9)
    expect(await resume(pair.b.client, 'auth')).toMatchObject({ state: 'paused', reason: 'an investigation' })
    await until(async () => (await receipts(pair)) === 1)
  })

  test('says which rows stay, and goes on with the others', async () => {
    await using pair = await makeUsers()
    await pair.b.client.query(`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER keep BEFORE DELETE ON projects FOR EACH ROW WHEN (OLD.user_id = 1) EXECUTE FUNCTION keep()`)
    await using watched = watch(pair)
    await pair.a.client.query('DELETE FROM users WHERE id = 1')
    await until(() => kinds(watched).includes('failed'))
    await pair.a.client.query('DELETE FROM users WHERE id = 2')
    await until(async () => (await left(pair)) === 8)
    expect(watched.events.find(({ kind }) => kind === 'failed')).toMatchObject({
      error: { code: 'sweep.stuck' },
    })
    await pair.b.client.query('DROP TRIGGER keep ON projects')
    await until(async () => (await receipts(pair)) === 2)
    expect(await left(pair)).toBe(7)
  })
})

test('two sweepers at once leave one receipt for each deletion', async () => {
  await using pair = await makeUsers()
  await using first = watch(pair, 20)
  await using second = watch(pair, 20)
  await pair.a.client.query('DELETE FROM users WHERE id <= 5')
  await pair.a.client.query('DELETE FROM users WHERE id > 5')
  await until(async () => (await receipts(pair)) === 9)
  await sleep(300)
  expect(await receipts(pair)).toBe(9)
  expect([first, second].map((watched) => kinds(watched).includes('failed'))).toEqual([false, false])
})

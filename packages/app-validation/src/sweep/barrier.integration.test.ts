import { describe, expect, test } from '@jest/globals'
import { makePlayground, type Playground } from '../testing/database.ts'
import { barrier, type Holder } from './barrier.ts'

/** Whether the barrier holds until `end`, and by what it is held. */
async function heldBy(playground: Playground, end: () => Promise<unknown>): Promise<readonly Holder[]> {
  const session = await playground.connect()
  let passed = false
  let holders: readonly Holder[] = []
  const passing = barrier(session, { onWait: (found) => (holders = found) }).then(() => (passed = true))
  for (let looks = 0; looks < 10 && holders.length === 0; looks++) await pause(30)
  await pause(150)
  expect(passed).toBe(false)
  const seen = holders
  await end()
  await passing
  return seen
}

const note = (kinds: Set<string>, found: readonly Holder[]) => {
  for (const { kind } of found) kinds.add(kind)
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('the barrier waits for', () => {
  test('nothing, when nothing is under way', async () => {
    await using playground = await makePlayground()
    await barrier(playground.client)
  })

  test('a transaction that has not even an xid yet', async () => {
    await using playground = await makePlayground()
    const writer = await playground.connect()
    await writer.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    const holders = await heldBy(playground, () => writer.query('COMMIT'))
    expect(holders).toMatchObject([{ kind: 'virtual' }])
  })

  test('a READ COMMITTED writer that rests between two statements', async () => {
    await using playground = await makePlayground()
    await playground.client.query('CREATE TABLE t (n integer)')
    const writer = await playground.connect()
    await writer.query('BEGIN; INSERT INTO t VALUES (1)')
    expect(await heldBy(playground, () => writer.query('COMMIT'))).toMatchObject([{ kind: 'virtual' }])
  })

  test('one that is prepared while the barrier waits', async () => {
    await using playground = await makePlayground()
    await playground.client.query('CREATE TABLE t (n integer)')
    const writer = await playground.connect()
    await writer.query('BEGIN; INSERT INTO t VALUES (1)')
    const session = await playground.connect()
    const kinds = new Set<string>()
    const passing = barrier(session, { onWait: (found) => note(kinds, found) })
    await pause(60)
    await writer.query("PREPARE TRANSACTION 'two-phase'")
    await pause(150)
    expect([...kinds]).toContain('prepared')
    await playground.client.query("COMMIT PREPARED 'two-phase'")
    await passing
  })

  test('a snapshot that was exported to a later transaction', async () => {
    await using playground = await makePlayground()
    await playground.client.query('CREATE TABLE t (n integer)')
    const [exporter, importer, session] = await Promise.all([1, 2, 3].map(() => playground.connect()))
    if (!exporter || !importer || !session) throw new Error('three sessions were asked for')
    await exporter.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    const { rows } = await exporter.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
    // What the snapshot doesn't hold, so that it is older than the barrier.
    await playground.client.query('INSERT INTO t VALUES (1)')
    const kinds = new Set<string>()
    let passed = false
    const passing = barrier(session, {
      onWait: (found) => note(kinds, found),
    }).then(() => {
      passed = true
    })
    await pause(60)
    await importer.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await importer.query(`SET TRANSACTION SNAPSHOT '${rows[0]?.id}'`)
    await importer.query('SELECT * FROM t')
    await exporter.query('COMMIT')
    await pause(200)
    expect(passed).toBe(false)
    expect([...kinds]).toEqual(['virtual', 'snapshot'])
    await importer.query('COMMIT')
    await passing
  })
})

describe('the barrier does not wait for', () => {
  test('transactions that began after it', async () => {
    await using playground = await makePlayground()
    const [early, late, session] = await Promise.all([1, 2, 3].map(() => playground.connect()))
    if (!early || !late || !session) throw new Error('three sessions were asked for')
    await early.query('BEGIN; SELECT 1')
    const passing = barrier(session)
    await pause(60)
    await late.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    await early.query('COMMIT')
    await passing
    await late.query('COMMIT')
  })

  test('other databases of the server', async () => {
    await using elsewhere = await makePlayground()
    await using playground = await makePlayground()
    await elsewhere.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    await barrier(playground.client)
    await elsewhere.client.query('COMMIT')
  })
})

test('a role that cannot see other sessions is told what it needs', async () => {
  await using playground = await makePlayground()
  const { client } = playground
  const role = `blind_${process.pid}_${Date.now()}`
  await client.query(`CREATE ROLE ${role}`)
  try {
    await client.query(`SET ROLE ${role}`)
    await expect(barrier(client)).rejects.toMatchObject({
      code: 'sweep.blind',
      fix: expect.stringContaining(role),
    })
  } finally {
    await client.query(`RESET ROLE; DROP ROLE ${role}`)
  }
})

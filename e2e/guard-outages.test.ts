import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type GuardOptions,
  guardReferences,
  isReferencedDatabaseUnavailable,
  type ReferencedDatabaseUnavailable,
} from '@manybase/app-validation/guard'
import { makeProxy, type TcpProxy } from '@manybase/local-postgres/testing'
import pg from 'pg'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
let userId: string
beforeAll(async () => {
  place = await makeTwoDatabases()
  userId = await makeUser(place.auth)
})
afterAll(() => place.dispose())

let proxy: TcpProxy
const guarded: { $disconnect(): Promise<void> }[] = []
beforeEach(async () => {
  proxy = await makeProxy(() => place.urls.auth)
})
afterEach(async () => {
  proxy.thaw()
  await proxy.close()
  for (const client of guarded.splice(0)) await client.$disconnect()
})

/** A guard that reaches the users through the proxy, or wherever a URL leads. */
function guard(options: GuardOptions = {}, url = proxy.url) {
  const auth = { name: 'socrates_auth', pool: () => ({ connectionString: url }) }
  const client = guardReferences(
    place.specs,
    { auth },
    { pool: { maxWait: 3000 }, lockTimeout: 300, ...options },
  )
  guarded.push(client)
  return client
}

const project = (id = userId) => ({ userId: id, name: randomUUID() })
/** So that no limit of Prisma's comes before the guard's, on a busy machine. */
const patience = { maxWait: 30_000, timeout: 30_000 }
const unavailable = (...reasons: readonly string[]) =>
  expect.objectContaining({
    name: 'ReferencedDatabaseUnavailable',
    database: 'socrates_auth',
    retryable: true,
    reason: expect.stringMatching(reasons.join('|')),
  })

describe('while the referenced database', () => {
  test('is down, writes that name its rows are refused, and all else goes on', async () => {
    const specs = guard({}, 'postgresql://me@127.0.0.1:1/nowhere')
    const count = await place.specs.project.count()
    await expect(specs.project.create({ data: project() })).rejects.toEqual(unavailable('unreachable'))
    await expect(specs.$transaction([specs.project.create({ data: project() })])).rejects.toEqual(
      unavailable('unreachable'),
    )
    await expect(specs.$transaction((tx) => tx.project.create({ data: project() }))).rejects.toEqual(
      unavailable('unreachable'),
    )
    await expect(
      specs.$guard({ mode: 'checked' }, () => specs.project.create({ data: project() })),
    ).rejects.toEqual(unavailable('unreachable'))
    expect(await specs.project.count()).toBe(count)
    await specs.project.updateMany({ where: { id: randomUUID() }, data: { name: 'y' } })
  })

  test('does not answer, they are refused in time', async () => {
    const specs = guard()
    proxy.freeze()
    const start = performance.now()
    await expect(specs.project.create({ data: project() })).rejects.toEqual(
      unavailable('busy', 'unreachable', 'slow'),
    )
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  test('falls silent on an open connection, they are refused in time, and it is used again later', async () => {
    const specs = guard()
    await specs.project.create({ data: project() })
    proxy.freeze()
    await expect(specs.project.create({ data: project() })).rejects.toEqual(
      unavailable('busy', 'unreachable', 'slow'),
    )
    proxy.thaw()
    expect(await specs.project.create({ data: project() })).toMatchObject({ userId })
  })

  test('falls silent in the middle of a transaction, it is not committed', async () => {
    const specs = guard()
    const row = project()
    const write = specs.$transaction(async (tx) => {
      await tx.project.create({ data: row })
      proxy.freeze()
    }, patience)
    await expect(write).rejects.toEqual(unavailable('slow'))
    expect(await place.specs.project.count({ where: row })).toBe(0)
  })

  test('cuts an idle connection, nobody notices', async () => {
    const specs = guard()
    await specs.project.create({ data: project() })
    proxy.cut()
    await sleep(100)
    expect(await specs.project.create({ data: project() })).toMatchObject({ userId })
  })

  test('cuts the connection during a single write, the write stands, for the fence to watch', async () => {
    const specs = guard()
    const admin = new pg.Client(place.urls.specs)
    await admin.connect()
    await admin.query('BEGIN; LOCK TABLE projects IN EXCLUSIVE MODE')
    const row = project()
    const write = specs.project.create({ data: row })
    const outcome = expect(write).resolves.toMatchObject(row)
    await waitForLocks(place.urls.auth)
    proxy.cut()
    await admin.query('COMMIT')
    await admin.end()
    await outcome
  })
})

describe('with onUnavailable: pass', () => {
  test('writes go on unchecked, and are told of', async () => {
    const passed: ReferencedDatabaseUnavailable[] = []
    const specs = guard(
      { onUnavailable: 'pass', onPassed: (error) => passed.push(error) },
      'postgresql://me@127.0.0.1:1/nowhere',
    )
    const ghost = randomUUID()
    expect(await specs.project.create({ data: project(ghost) })).toMatchObject({ userId: ghost })
    await specs.$transaction((tx) => tx.project.create({ data: project(ghost) }))
    await specs.$transaction([specs.project.create({ data: project(ghost) })])
    expect(passed).toHaveLength(3)
    expect(passed.every(isReferencedDatabaseUnavailable)).toBe(true)
    expect(passed[0]?.toProblem()).toMatchObject({ status: 503, retryable: true })
  })

  test('who is known not to be there is still refused', async () => {
    const specs = guard({ onUnavailable: 'pass' })
    await expect(specs.project.create({ data: project(randomUUID()) })).rejects.toMatchObject({
      code: 'P2003',
    })
  })
})

describe('pools', () => {
  test('of one connection on each side carry 50 writers of every kind', async () => {
    const small = await makeTwoDatabases(1)
    const id = await makeUser(small.auth)
    const specs = guardReferences(small.specs, { auth: small.auth }, { pool: { size: 1, maxWait: 30_000 } })
    const row = () => ({ userId: id, name: 'one of fifty' })
    const writers = Array.from({ length: 50 }, async (_, i) => {
      if (i % 3 === 0) await specs.project.create({ data: row() })
      else if (i % 3 === 1) await specs.$transaction((tx) => tx.project.create({ data: row() }), patience)
      else await specs.$transaction([specs.project.create({ data: row() })])
    })
    await Promise.all(writers)
    expect(await small.specs.project.count({ where: { userId: id } })).toBe(50)
    await specs.$disconnect()
    await small.dispose()
  })

  test('that are all in use make writes wait, and then refuse them as retryable', async () => {
    const specs = guard({ pool: { size: 1, maxWait: 3000 } })
    await specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      const second = specs.$transaction((other) => other.project.create({ data: project() }), patience)
      await expect(second).rejects.toEqual(unavailable('busy'))
    }, patience)
  })

  test('are closed by $disconnect, and opened again by the next write', async () => {
    const specs = guard()
    await specs.project.create({ data: project() })
    await specs.$disconnect()
    expect(await specs.project.create({ data: project() })).toMatchObject({ userId })
  })
})

describe('a role that', () => {
  test('may not lock rows is told which right it lacks', async () => {
    const role = `reader_${randomUUID().slice(0, 8)}`
    await place.auth.$executeRawUnsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    await place.auth.$executeRawUnsafe(`GRANT SELECT ON users TO ${role}`)
    const url = new URL(place.urls.auth)
    url.username = role
    url.password = 'x'
    const specs = guard({}, url.href)
    await expect(specs.project.create({ data: project() })).rejects.toMatchObject({
      code: 'guard.right-missing',
    })
    const checked = specs.$guard({ mode: 'checked' }, () => specs.project.create({ data: project() }))
    expect(await checked).toMatchObject({ userId })
    await specs.$disconnect()
    await place.auth.$executeRawUnsafe(`DROP OWNED BY ${role}`)
    await place.auth.$executeRawUnsafe(`DROP ROLE ${role}`)
  })
})

test('a database that is referred to, and wasn’t given, is missed at once', () => {
  expect(() => guardReferences(place.specs, {})).toThrow(
    expect.objectContaining({
      code: 'references.database-missing',
      meta: expect.objectContaining({ database: 'socrates_auth' }),
    }),
  )
})

async function waitForLocks(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  const held = `SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%FOR KEY SHARE%'`
  while ((await client.query(held)).rowCount === 0) await sleep(10)
  await client.end()
}

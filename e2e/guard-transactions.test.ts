import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GuardMethods, guardReferences } from '@manybase/app-validation/guard'
import type { SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
let admin: pg.Client
beforeAll(async () => {
  place = await makeTwoDatabases()
  admin = new pg.Client(place.urls.auth)
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await place.dispose()
})

let specs: SpecsClient & GuardMethods
let userId: string
beforeEach(async () => {
  specs = guardReferences(
    place.specs,
    { auth: place.auth },
    { pool: { maxWait: 10_000 }, lockTimeout: 10_000 },
  )
  userId = await makeUser(place.auth)
})
afterEach(() => specs.$disconnect())

const project = (id = userId) => ({ userId: id, name: 'x' })
const deleteUser = async (id: string) => void (await admin.query('DELETE FROM users WHERE id = $1', [id]))
const written = (id: string) => place.specs.project.count({ where: { userId: id } })

/** Deletes the user, and tells when that is done. */
function deleting(id: string) {
  const state = { isDone: false, done: Promise.resolve() }
  state.done = deleteUser(id).then(() => {
    state.isDone = true
  })
  return state
}

/** The sessions of the guard in the referenced database, by what they run. */
async function sessions(pattern: string): Promise<readonly number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE $1 AND pid <> pg_backend_pid()',
    [pattern],
  )
  return rows.map(({ pid }) => pid)
}

const killGuard = async () => {
  for (const pid of await sessions('%FOR KEY SHARE%'))
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
}

describe('an interactive transaction', () => {
  test('keeps its users until it has been committed', async () => {
    let deletion = deleting(randomUUID())
    await specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      deletion = deleting(userId)
      await sleep(300)
      expect(deletion.isDone).toBe(false)
    })
    expect(await written(userId)).toBe(1)
    await deletion.done
  })

  test('lets them go when it is rolled back', async () => {
    const failing = specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    await deleteUser(userId)
    expect(await written(userId)).toBe(0)
  })

  test('finds a user gone who was deleted before the write', async () => {
    const write = specs.$transaction(async (tx) => {
      await tx.project.count()
      await deleteUser(userId)
      await tx.project.create({ data: project() })
    })
    await expect(write).rejects.toMatchObject({ code: 'P2003', values: [userId] })
    expect(await written(userId)).toBe(0)
  })

  test('is not committed when its locks were lost on the way', async () => {
    const write = specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      await killGuard()
      await deleteUser(userId)
    })
    await expect(write).rejects.toMatchObject({
      name: 'ReferencedDatabaseUnavailable',
      database: 'socrates_auth',
      reason: 'unreachable',
      retryable: true,
    })
    expect(await written(userId)).toBe(0)
  })

  test('keeps what it holds when a write of it is refused and the caller goes on', async () => {
    let deletion = deleting(randomUUID())
    await specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      await expect(tx.project.create({ data: project(randomUUID()) })).rejects.toMatchObject({
        code: 'P2003',
      })
      deletion = deleting(userId)
      await sleep(200)
      expect(deletion.isDone).toBe(false)
    })
    await deletion.done
    expect(await written(userId)).toBe(1)
  })

  test('takes its locks again after a value that the referenced database could not read', async () => {
    let deletion = deleting(randomUUID())
    await specs.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      const unreadable = tx.$transaction((inner) => inner.project.create({ data: project('no uuid') }))
      await expect(unreadable).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError' })
      const other = await makeUser(place.auth)
      await tx.project.create({ data: project(other) })
      deletion = deleting(userId)
      await sleep(200)
      expect(deletion.isDone).toBe(false)
    })
    await deletion.done
  })

  test('checks every write that is started together with one whose value nobody can read', async () => {
    await specs.$transaction(async (tx) => {
      const outcomes = await Promise.allSettled([
        tx.project.create({ data: project('no uuid') }),
        tx.project.create({ data: project(randomUUID()) }),
      ])
      expect(outcomes).toMatchObject([
        { status: 'rejected', reason: { name: 'PrismaClientKnownRequestError' } },
        { status: 'rejected', reason: { name: 'ReferenceViolation' } },
      ])
    })
  })

  test('asks for what is written at once in one message', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => makeUser(place.auth)))
    await specs.$transaction(async (tx) => {
      await Promise.all(users.map((id) => tx.project.create({ data: project(id) })))
      const messages = await admin.query<{ query: string }>(
        `SELECT query FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%FOR KEY SHARE%'`,
      )
      expect(messages.rows).toHaveLength(1)
      for (const id of users) expect(messages.rows[0]?.query).toContain(id)
    })
  })

  test('opens none in the referenced database while it names nobody', async () => {
    await specs.$transaction(async (tx) => {
      await tx.project.updateMany({ where: { id: randomUUID() }, data: { name: 'y' } })
      expect(await sessions('%FOR KEY SHARE%')).toEqual([])
    })
  })
})

describe('a batch', () => {
  test('is refused as a whole', async () => {
    const batch = specs.$transaction([
      specs.project.create({ data: project() }),
      specs.project.create({ data: project(randomUUID()) }),
    ])
    await expect(batch).rejects.toMatchObject({ code: 'P2003' })
    expect(await written(userId)).toBe(0)
    await deleteUser(userId)
  })

  test('waits for somebody who deletes, and then finds the user gone', async () => {
    await admin.query('BEGIN')
    await deleteUser(userId)
    const batch = specs.$transaction([specs.project.create({ data: project() }), specs.project.count()])
    const outcome = expect(batch).rejects.toMatchObject({ code: 'P2003', values: [userId] })
    await sleep(200)
    await admin.query('COMMIT')
    await outcome
  })

  test('of many writes uses one connection', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => makeUser(place.auth)))
    await specs.$transaction(users.map((id) => specs.project.create({ data: project(id) })))
    const [pid] = await sessions('%COMMIT%')
    expect(await sessions('%COMMIT%')).toEqual([pid])
    expect(await place.specs.project.count({ where: { userId: { in: users } } })).toBe(5)
  })

  test('of guarded writes that the unguarded client starts is at least checked', async () => {
    const batch = place.specs.$transaction([specs.project.create({ data: project(randomUUID()) })])
    await expect(batch).rejects.toMatchObject({ code: 'P2003' })
  })
})

describe('a single write', () => {
  test('waits for somebody who deletes the user, and is refused if that is committed', async () => {
    await admin.query('BEGIN')
    await deleteUser(userId)
    const outcome = expect(specs.project.create({ data: project() })).rejects.toMatchObject({ code: 'P2003' })
    await sleep(200)
    await admin.query('COMMIT')
    await outcome
  })

  test('is written if the deletion is rolled back', async () => {
    await admin.query('BEGIN')
    await deleteUser(userId)
    const write = specs.project.create({ data: project() })
    const outcome = expect(write).resolves.toMatchObject({ userId })
    await sleep(200)
    await admin.query('ROLLBACK')
    await outcome
  })

  test('does not wait for somebody who changes another column of the user', async () => {
    await admin.query('BEGIN')
    await admin.query("UPDATE users SET name = 'Other' WHERE id = $1", [userId])
    expect(await specs.project.create({ data: project() })).toMatchObject({ userId })
    await admin.query('ROLLBACK')
  })

  test('gives up on a deletion that takes too long, and says that it may be tried again', async () => {
    const hasty = guardReferences(
      place.specs,
      { auth: place.auth },
      { lockTimeout: 200, onUnavailable: 'pass' },
    )
    await admin.query('BEGIN')
    await deleteUser(userId)
    await expect(hasty.project.create({ data: project() })).rejects.toMatchObject({
      name: 'ReferencedDatabaseUnavailable',
      reason: 'locked',
      retryable: true,
    })
    await admin.query('ROLLBACK')
    await hasty.$disconnect()
  })
})

describe('a mode', () => {
  test('"checked" looks, and holds nothing', async () => {
    await specs.$guard({ mode: 'checked' }, async () => {
      await expect(specs.project.create({ data: project(randomUUID()) })).rejects.toMatchObject({
        code: 'P2003',
      })
      await specs.$transaction(async (tx) => {
        await tx.project.create({ data: project() })
        await deleteUser(userId)
      })
    })
    expect(await written(userId)).toBe(1)
  })

  test('"off" looks at nothing, for one call', async () => {
    const ghost = randomUUID()
    const write = () => specs.project.create({ data: project(ghost) })
    expect(await specs.$guard({ mode: 'off' }, write)).toMatchObject({ userId: ghost })
    await expect(write()).rejects.toMatchObject({ code: 'P2003' })
  })

  test('of the client is that of its calls, unless they say otherwise', async () => {
    const unguarded = guardReferences(place.specs, { auth: place.auth }, { mode: 'off' })
    const write = () => unguarded.project.create({ data: project(randomUUID()) })
    expect(await write()).toMatchObject({ name: 'x' })
    await expect(unguarded.$guard({ mode: 'locked' }, write)).rejects.toMatchObject({ code: 'P2003' })
    await unguarded.$disconnect()
  })
})

describe('among other extensions', () => {
  test('that come after it the guard holds', async () => {
    const seen: string[] = []
    const after = specs.$extends({
      query: {
        $allOperations({ operation, args, query }) {
          seen.push(operation)
          return query(args)
        },
      },
    })
    await expect(
      after.$transaction((tx) => tx.project.create({ data: project(randomUUID()) })),
    ).rejects.toMatchObject({ code: 'P2003' })
    await after.$transaction(async (tx) => {
      await tx.project.create({ data: project() })
      expect(await sessions('%FOR KEY SHARE%')).toHaveLength(1)
    })
    expect(seen).toContain('create')
    expect(await written(userId)).toBe(1)
  })

  test('that came before it the guard holds', async () => {
    const before = place.specs.$extends({ model: { project: { twice: (name: string) => name + name } } })
    const described = Object.assign(before, { $database: place.specs.$database })
    const guarded = guardReferences(described, { auth: place.auth })
    const write = guarded.$transaction((tx) => tx.project.create({ data: project(randomUUID()) }))
    await expect(write).rejects.toMatchObject({ code: 'P2003' })
    expect(guarded.project.twice('x')).toBe('xx')
    await guarded.$disconnect()
  })
})

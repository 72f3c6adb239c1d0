import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  type GuardMethods,
  guardReferences,
  isReferencedDatabaseUnavailable,
  isReferenceViolation,
} from '@manybase/app-validation/guard'
import { Prisma, type SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
let specs: SpecsClient & GuardMethods
let admin: pg.Client
beforeAll(async () => {
  place = await makeTwoDatabases()
  specs = guardReferences(
    place.specs,
    { auth: place.auth },
    { pool: { maxWait: 30_000 }, lockTimeout: 30_000 },
  )
  admin = new pg.Client(place.urls.auth)
  await admin.connect()
})
afterAll(async () => {
  await specs.$disconnect()
  await admin.end()
  await place.dispose()
})

const row = (userId: string) => ({ userId, name: 'raced' })

/** Ends with what a write may end with: done, no such user, or try again. Anything else is a failure of the test. */
async function outcome(write: PromiseLike<unknown>): Promise<'written' | 'missing' | 'retry'> {
  try {
    await write
    return 'written'
  } catch (error) {
    if (isReferenceViolation(error)) return 'missing'
    if (isReferencedDatabaseUnavailable(error)) return 'retry'
    throw error
  }
}

/** Rows that name somebody who isn't there, at one moment, as somebody sees them who looks at B first and then at A. */
async function orphans(): Promise<readonly string[]> {
  const rows = await place.specs.project.findMany({
    where: { name: 'raced' },
    distinct: 'userId',
    select: { userId: true },
  })
  const ids = rows.map(({ userId }) => userId)
  const { rows: living } = await admin.query<{ id: string }>('SELECT id FROM users WHERE id = ANY($1)', [ids])
  const alive = new Set(living.map(({ id }) => id))
  return ids.filter((id) => !alive.has(id))
}

/**
 * While rows are removed by nobody, the guard's promise is this: whoever has a row when it is written was there at that
 * moment. A deletion therefore is either before the look, and the write refused, or after the commit, and the row seen
 * by whoever deletes; so each deletion looks, right after its commit, at rows that come later.
 */
test.each([undefined, 'ReadCommitted', 'RepeatableRead', 'Serializable'] as const)(
  'no row comes after the deletion of its user, at isolation level %s',
  async (isolationLevel) => {
    let late = 0
    const counts = { written: 0, missing: 0, retry: 0 }
    const race = async () => {
      const userId = await makeUser(place.auth)
      const write = () =>
        isolationLevel === undefined
          ? specs.project.create({ data: row(userId) })
          : specs.$transaction((tx) => tx.project.create({ data: row(userId) }), {
              isolationLevel: Prisma.TransactionIsolationLevel[isolationLevel],
              maxWait: 30_000,
              timeout: 30_000,
            })
      const writes = Array.from({ length: 3 }, async () => {
        counts[await outcome(write())] += 1
      })
      await sleep(Math.random() * 20)
      await place.auth.user.delete({ where: { id: userId } })
      const seen = await place.specs.project.count({ where: { userId } })
      await Promise.all(writes)
      late += (await place.specs.project.count({ where: { userId } })) - seen
    }
    const bothSeen = () => counts.written > 0 && counts.missing > 0
    for (let round = 0; round < 15 || (round < 200 && !bothSeen()); round += 1) {
      await Promise.all(Array.from({ length: 5 }, race))
    }
    expect(late).toBe(0)
    expect(counts.written).toBeGreaterThan(0)
    expect(counts.missing).toBeGreaterThan(0)
  },
)

test('without the lock rows do come late: the race is a real one', async () => {
  const unlocked = guardReferences(place.specs, { auth: place.auth }, { mode: 'checked' })
  let late = 0
  for (let round = 0; round < 200 && late === 0; round += 1) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const userId = await makeUser(place.auth)
        const write = outcome(unlocked.project.create({ data: row(userId) }))
        await place.auth.user.delete({ where: { id: userId } })
        const seen = await place.specs.project.count({ where: { userId } })
        await write
        late += (await place.specs.project.count({ where: { userId } })) - seen
      }),
    )
  }
  expect(late).toBeGreaterThan(0)
  await unlocked.$disconnect()
})

test('a user who is there throughout is never reported missing', async () => {
  const users = await Promise.all(Array.from({ length: 10 }, () => makeUser(place.auth)))
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, i) => outcome(specs.project.create({ data: row(users[i % 10] ?? '') }))),
  )
  expect(new Set(outcomes)).toEqual(new Set(['written']))
  for (const id of users) expect(await orphans()).not.toContain(id)
})

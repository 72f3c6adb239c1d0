import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createFunction,
  createTrigger,
  fenceFunction,
  fenceTriggers,
  placeReference,
} from '@manybase/app-validation'
import { type GuardMethods, guardReferences, isReferenceViolation } from '@manybase/app-validation/guard'
import { references, type SpecsClient } from '@socrates/db-specs'
import pg from 'pg'
import { root } from './support/run.ts'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
let specs: SpecsClient & GuardMethods
let userId: string
/** Somebody whose deletion the sweep knows of, and who is back in the users' table: so only the fence refuses. */
let dead: string
beforeAll(async () => {
  place = await makeTwoDatabases()
  specs = guardReferences(place.specs, { auth: place.auth })
  userId = await makeUser(place.auth)
  dead = await makeUser(place.auth)
  const client = new pg.Client(place.urls.specs)
  await client.connect()
  await client.query('CREATE SCHEMA integrity')
  const histories = join(root, 'packages/app-validation/src/histories/referencing/prisma/migrations')
  const names = readdirSync(histories, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    await client.query(readFileSync(join(histories, name, 'migration.sql'), 'utf8'))
  }
  for (const reference of references) {
    const placed = placeReference(reference, () => 'public')
    await client.query(createFunction(fenceFunction(placed)))
    const relation = { schema: 'public', name: reference.table, kind: 'table', isPartition: false } as const
    for (const trigger of fenceTriggers(placed, relation)) await client.query(createTrigger(trigger))
  }
  await client.query(
    `INSERT INTO integrity.tombstone (source, target, id, epoch, xid, deleted_at)
     VALUES ('socrates_auth', 'public.users.id', $1, '1:1', '1', now())`,
    [dead],
  )
  await client.query(
    `INSERT INTO integrity.reservation VALUES ('socrates_auth', 'public.users.id', $1, $2)`,
    [userId, randomUUID()],
  )
  await client.end()
})
afterAll(async () => {
  await specs.$disconnect()
  await place.dispose()
})

const project = (id: string) => ({ userId: id, name: 'x' })
type Write = () => PromiseLike<unknown>
const writes: readonly (readonly [name: string, write: Write])[] = [
  ['create', () => specs.project.create({ data: project(dead) })],
  ['createMany', () => specs.project.createMany({ data: [project(userId), project(dead)] })],
  ['a batch', () => specs.$transaction([specs.project.create({ data: project(dead) })])],
  ['a transaction', () => specs.$transaction((tx) => tx.project.create({ data: project(dead) }))],
  ['raw SQL', () => specs.$executeRaw`INSERT INTO projects (user_id, name) VALUES (${dead}::uuid, 'x')`],
  [
    'raw SQL in a transaction',
    () =>
      specs.$transaction((tx) =>
        tx.$executeRawUnsafe(`INSERT INTO projects (user_id, name) VALUES ('${dead}', 'x')`),
      ),
  ],
]

describe('what the fence refuses is the guard’s own error', () => {
  test.each(writes)('in %s', async (_, write) => {
    const before = await place.specs.project.count()
    await expect(write()).rejects.toMatchObject({
      name: 'ReferenceViolation',
      code: 'P2003',
      kind: 'deleted',
      constraint: 'fk_projects_user_id',
      table: 'projects',
      column: 'user_id',
    })
    expect(await place.specs.project.count()).toBe(before)
  })

  test('with the column of a nested write, and a problem of the status 409', async () => {
    const { id } = await specs.project.create({ data: project(userId) })
    const write = specs.project.update({ where: { id }, data: { sessions: { create: { userId: dead } } } })
    const error = await write.catch((refused: unknown) => refused)
    expect(error).toMatchObject({ constraint: 'fk_sessions_user_id', values: [dead], model: 'Session' })
    expect(isReferenceViolation(error) && error.toProblem()).toMatchObject({ status: 409, retryable: false })
  })

  test('with the value that a write named past the guard', async () => {
    const write = specs.$guard({ mode: 'off' }, () => specs.project.create({ data: project(dead) }))
    await expect(write).rejects.toMatchObject({ kind: 'deleted', values: [dead] })
  })

  test('but a foreign key’s refusal stays Prisma’s', async () => {
    const write = specs.session.create({ data: { userId, projectId: randomUUID() } })
    await expect(write).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError', code: 'P2003' })
  })
})

test('a write that names somebody whose deletion is being decided may be tried again, as Prisma says it', async () => {
  const write = specs.team.create({ data: { ownerId: userId, name: 'x', slug: randomUUID() } })
  await expect(write).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError', code: 'P2034' })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type GuardMethods, guardReferences } from '@manybase/app-validation/guard'
import { type AuthClient, createAuthClient } from '@socrates/db-auth'
import { createSpecsClient, type SpecsClient } from '@socrates/db-specs'
import { startApi } from './support/api.ts'
import { expectFailure } from './support/failure.ts'
import { type Arranged, makeArranged, type Where, type Who } from './support/roles.ts'
import { makeUser } from './support/two-databases.ts'

/** Both databases at head, each kind of process under a role of its own. */
let place: Arranged
let auth: AuthClient
let specs: SpecsClient & GuardMethods
let userId: string

beforeAll(async () => {
  place = await makeArranged()
  const made = await place.db('administrator', 'roles', '--apply', '--generate-passwords', 'roles.txt')
  expect(made).toMatchObject({ exitCode: 0 })
  place.readPasswords('roles.txt')
  const migrated = await place.db('migrator', 'migrate', '--no-create', '--no-generate', '--no-log')
  expect(migrated).toMatchObject({ exitCode: 0 })
  const options = { pool: { size: 3 }, log: { levels: [] } }
  auth = createAuthClient({ url: place.url('application', 'auth'), ...options })
  specs = guardReferences(createSpecsClient({ url: place.url('application', 'specs'), ...options }), { auth })
  userId = await makeUser(auth)
})
afterAll(async () => {
  await Promise.all([auth?.$disconnect(), specs?.$disconnect()])
  await place.dispose()
})

const slug = () => ({ slug: randomUUID() })
const gone = randomUUID()

describe('the application', () => {
  test('writes what names a user, in every way that a client has, and locks the user', async () => {
    const { id } = await specs.project.create({ data: { userId, name: 'create' } })
    const data = { userId, name: 'x' }
    await specs.project.createMany({ data: [data, data] })
    await specs.project.createManyAndReturn({ data: [data] })
    await specs.project.update({ where: { id }, data: { name: 'update' } })
    await specs.project.updateMany({ where: { name: 'x' }, data: { userId } })
    await specs.project.updateManyAndReturn({ where: { name: 'x' }, data: { userId } })
    await specs.project.upsert({ where: { id }, create: data, update: data })
    await specs.project.update({ where: { id }, data: { sessions: { create: { userId } } } })
    await specs.$transaction([specs.project.create({ data })])
    await specs.$transaction((tx) => tx.project.create({ data }))
    await specs.team.create({ data: { ownerId: userId, name: 'x', ...slug() } })
    await specs.project.deleteMany({ where: { name: 'x' } })
    expect(await specs.project.count()).toBe(0)
    await specs.team.deleteMany()
  })

  test('is refused what names nobody', async () => {
    await expect(specs.project.create({ data: { userId: gone, name: 'x' } })).rejects.toMatchObject({
      name: 'ReferenceViolation',
      kind: 'missing',
    })
  })

  test('sees at which revision its databases are', async () => {
    expect(await place.db('application', 'migrate', '--check-status', '--no-log')).toMatchObject({
      exitCode: 0,
    })
  })
})

test('the API serves under the application’s role, and deletes and follows under the sweeper’s', async () => {
  const api = await startApi({
    DATABASE_URL_AUTH: place.url('application', 'auth'),
    DATABASE_URL_SPECS: place.url('application', 'specs'),
    API_SWEEPER_URL_AUTH: place.url('sweeper', 'auth'),
    API_SWEEPER_URL_SPECS: place.url('sweeper', 'specs'),
  })
  try {
    expect(await api.ask('/ready')).toMatchObject({ status: 200 })
    const account = { email: 'ada@example.org', password: 'correct horse battery staple' }
    const body = { ...account, username: 'ada', name: 'Ada', surname: 'Lovelace' }
    expect(await api.ask('/v1/users', { method: 'POST', body })).toMatchObject({ status: 201 })
    const signedIn = await api.ask('/v1/auth/sign-in', { method: 'POST', body: account })
    const token: string = signedIn.body.accessToken
    const project = await api.ask('/v1/projects', { method: 'POST', token, body: { name: 'Engine' } })
    expect(project).toMatchObject({ status: 201 })
    const deletion = await api.ask('/v1/users/me', { method: 'DELETE', token })
    expect(deletion).toMatchObject({ status: 202 })
    const { deletionId, receiptToken } = deletion.body
    const report = () => api.ask(`/v1/deletions/${deletionId}`, { token: receiptToken })
    let { body: seen } = await report()
    while (seen.status === 'pending') seen = (await report()).body
    expect(seen.status).toBe('swept')
    expect(await specs.project.count({ where: { userId: deletionId } })).toBe(0)
  } finally {
    api.signal('SIGTERM')
    expect(await api.result).toMatchObject({ exitCode: 0 })
  }
})

describe('the sweeper', () => {
  test('deletes a user whom nothing restricts, sweeps, scans, and shows the receipt and how it goes', async () => {
    await specs.project.create({ data: { userId, name: 'theirs' } })
    const team = await specs.team.create({ data: { ownerId: userId, name: 'x', ...slug() } })
    expect(await place.db('sweeper', 'integrity', 'delete', '--yes', userId)).toMatchObject({ exitCode: 2 })
    await specs.team.delete({ where: { id: team.id } })
    const other = await makeUser(auth)
    const kept = await specs.project.create({ data: { userId: other, name: 'kept' } })
    await specs.knowledgeBaseDocument.create({
      data: {
        projectId: kept.id,
        uploadedBy: userId,
        title: 'x',
        mimeType: 'text/plain',
        content: 'x',
        contentHash: '0'.repeat(64),
        sizeBytes: 1,
      },
    })
    expect(await place.db('sweeper', 'integrity', 'delete', '--yes', userId)).toMatchObject({ exitCode: 0 })
    expect(await place.db('sweeper', 'integrity', 'sweep')).toMatchObject({
      stdout: expect.stringContaining('1 deletion taken over, 2 rows deleted or set null, 1 receipt written'),
      exitCode: 0,
    })
    expect(await specs.project.findMany({ select: { id: true } })).toEqual([{ id: kept.id }])
    expect(await place.db('sweeper', 'integrity', 'scan')).toMatchObject({ exitCode: 0 })
    const receipts = await place.db('sweeper', 'integrity', 'receipts', userId)
    expect(receipts).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(userId) })
    expect(await place.db('sweeper', 'integrity', 'receipts', '--verify')).toMatchObject({ exitCode: 0 })
    expect(await place.db('sweeper', 'integrity', 'status')).toMatchObject({ exitCode: 0 })
    expect(await place.db('sweeper', 'integrity', 'pause', '--reason', 'a test')).toMatchObject({
      exitCode: 0,
    })
    expectFailure(await place.db('sweeper', 'integrity', 'resume'), {
      code: 'integrity.right-missing',
      exitCode: 2,
      what: 'permission denied for table control',
      why: 'those of the migrator',
      fix: 'pnpm db roles',
    })
    expect(await place.db('migrator', 'integrity', 'resume')).toMatchObject({ exitCode: 0 })
  })

  test('works as a process of its own, and the fence stands behind it', async () => {
    const id = await makeUser(auth)
    await specs.project.create({ data: { userId: id, name: 'theirs' } })
    const sweeper = place.startDb('sweeper', 'integrity', 'sweep', '--watch', '--json')
    try {
      expect(await place.db('sweeper', 'integrity', 'delete', '--yes', id)).toMatchObject({ exitCode: 0 })
      for (let left = 1; left > 0; ) left = await specs.project.count({ where: { userId: id } })
    } finally {
      sweeper.child.kill('SIGTERM')
      expect(await sweeper.result).toMatchObject({ exitCode: 0 })
    }
    const raw = place.query(
      'application',
      'specs',
      `INSERT INTO projects (user_id, name) VALUES ('${id}', 'raw')`,
    )
    await expect(raw).rejects.toMatchObject({ code: '23503', constraint: 'fk_projects_user_id' })
  })
})

test('what a person decides is the migrator’s: an orphan is repaired', async () => {
  await place.query('migrator', 'specs', `INSERT INTO projects (user_id, name) VALUES ('${gone}', 'orphan')`)
  expect(await place.db('sweeper', 'integrity', 'scan')).toMatchObject({ exitCode: 4 })
  expect(await place.db('migrator', 'integrity', 'repair', '--apply', '--yes')).toMatchObject({ exitCode: 0 })
  expect(await place.db('sweeper', 'integrity', 'scan')).toMatchObject({ exitCode: 0 })
})

describe('what a role can not do', () => {
  const denied: readonly (readonly [Who, Where, string, string])[] = [
    ['application', 'specs', 'make tables', 'CREATE TABLE mine (id int)'],
    ['application', 'specs', 'make schemas', 'CREATE SCHEMA mine'],
    ['application', 'specs', 'make temporary tables', 'CREATE TEMP TABLE mine (id int)'],
    ['application', 'specs', 'change tables', 'ALTER TABLE projects ADD mine int'],
    ['application', 'specs', 'empty tables', 'TRUNCATE projects CASCADE'],
    [
      'application',
      'specs',
      'take the fence down',
      'DROP TRIGGER integrity_fence_insert_user_id ON projects',
    ],
    ['application', 'specs', 'switch the fence off', 'ALTER TABLE projects DISABLE TRIGGER ALL'],
    ['application', 'specs', 'pass for a replica', 'SET session_replication_role = replica'],
    ['application', 'specs', 'see a tombstone', 'SELECT FROM integrity.tombstone'],
    ['application', 'specs', 'lift a tombstone', 'DELETE FROM integrity.tombstone'],
    ['application', 'specs', 'revive', "SELECT integrity.revive('a', 'b', 'c')"],
    ['application', 'specs', 'forge a receipt', "SELECT integrity.write_receipts('a', 'b', '{}', '{}')"],
    ['application', 'specs', 'forge history', 'DELETE FROM _prisma_migrations'],
    ['application', 'auth', 'forget a deletion', 'DELETE FROM integrity.delete_log'],
    ['application', 'auth', 'arbitrate', "SELECT integrity.open_intent('public.users.id', '{}')"],
    ['application', 'auth', 'become the migrator', 'SET ROLE MIGRATOR'],
    ['sweeper', 'auth', 'read of users more than ids', 'SELECT email FROM users'],
    ['sweeper', 'auth', 'read passwords', 'SELECT hashed_password FROM users'],
    ['sweeper', 'auth', 'read tokens', 'SELECT FROM refresh_tokens'],
    ['sweeper', 'auth', 'write users', "UPDATE users SET email = 'x'"],
    ['sweeper', 'auth', 'forget a deletion', 'DELETE FROM integrity.delete_log'],
    ['sweeper', 'auth', 'see whose deletion is decided by which token', 'SELECT token FROM integrity.intent'],
    ['sweeper', 'auth', 'revive', "SELECT integrity.revive('a', 'b')"],
    ['sweeper', 'specs', 'read of projects more than whose they are', 'SELECT name FROM projects'],
    ['sweeper', 'specs', 'write projects', "UPDATE projects SET name = 'x'"],
    ['sweeper', 'specs', 'name others', 'INSERT INTO projects (user_id) VALUES (gen_random_uuid())'],
    ['sweeper', 'specs', 'delete what it keeps', 'DELETE FROM activity_logs'],
    ['sweeper', 'specs', 'delete what restricts', 'DELETE FROM invoices'],
    ['sweeper', 'specs', 'lift a tombstone', 'DELETE FROM integrity.tombstone'],
    ['sweeper', 'specs', 'forge a receipt', 'UPDATE integrity.receipt SET done = done'],
    ['sweeper', 'specs', 'read the quarantine', 'SELECT row_data FROM integrity.quarantine'],
    ['sweeper', 'specs', 'make tables', 'CREATE TABLE mine (id int)'],
    ['sweeper', 'specs', 'take the fence down', 'DROP TRIGGER integrity_fence_insert_user_id ON projects'],
    ['migrator', 'specs', 'make roles', 'CREATE ROLE mine'],
    ['migrator', 'specs', 'make databases', 'CREATE DATABASE mine'],
    ['migrator', 'specs', 'read files', "SELECT pg_read_file('postgresql.conf')"],
    ['migrator', 'specs', 'pass for a replica', 'SET session_replication_role = replica'],
  ]
  test.each(denied)('the %s, in %s: %s', async (who, where, _, sql) => {
    const text = sql.replace('MIGRATOR', `"${place.roles.migrator}"`)
    await expect(place.query(who, where, text)).rejects.toMatchObject({ code: '42501' })
  })

  test('the application, in auth: delete a user past the arbiter', async () => {
    const id = await makeUser(auth)
    const past = place.query('application', 'auth', `DELETE FROM users WHERE id = '${id}'`)
    await expect(past).rejects.toMatchObject({ code: '23503', constraint: 'restrict_users_id' })
  })
})

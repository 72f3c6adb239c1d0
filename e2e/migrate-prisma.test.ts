import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

// Whatever one of the two tools has done, the other agrees with.

let tenant: Tenant
let project: Project

const first = 'CREATE TABLE users (id int PRIMARY KEY, name text);\n'
const second = 'CREATE INDEX users_name_idx ON users (name);\n'

/** What `first` and `second` come to, as Prisma's schema. */
const schema = `datasource db {
  provider = "postgresql"
}

model User {
  id   Int     @id
  name String?

  @@index([name])
  @@map("users")
}
`

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, { alpha: { '001_users': first } })
  project.write('alpha/prisma/schema.prisma', schema)
  await tenant.createDatabase(project.databaseName('alpha'))
})
afterEach(() => project.dispose())

const prisma = (...args: readonly string[]) => project.prisma('alpha', args)

async function expectPrismaAgrees(): Promise<void> {
  const status = await prisma('migrate', 'status')
  expect(status).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Database schema is up to date!'),
  })
  const deploy = await prisma('migrate', 'deploy')
  expect(deploy).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No pending migrations to apply.'),
  })
}

async function expectOursAgrees(head: string): Promise<void> {
  expect(await project.db(['migrate'])).toEqual({
    exitCode: 0,
    stdout: `✅ alpha: ${head} (head)\n`,
    stderr: 'Nothing to do.\n',
  })
}

test('Prisma first, then ours, then Prisma again', async () => {
  expect(await prisma('migrate', 'deploy')).toMatchObject({ exitCode: 0 })
  await expectOursAgrees('001')

  project.revision('alpha', '002_index', second)
  expect(await prisma('migrate', 'status')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('002_index'),
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
  await expectPrismaAgrees()
  expect(
    await prisma(
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ),
  ).toMatchObject({ exitCode: 0 })
})

test('ours first, then Prisma, then ours again', async () => {
  expect((await project.db(['migrate'])).exitCode).toBe(0)
  await expectPrismaAgrees()

  project.revision('alpha', '002_index', second)
  expect(await prisma('migrate', 'deploy')).toMatchObject({ exitCode: 0 })
  await expectOursAgrees('002')
  expect(await appliedIn(project, 'alpha')).toEqual(['001_users', '002_index'])
})

describe('after a migration that fails', () => {
  const broken = `${second}INSERT INTO nowhere VALUES (1);\n`

  test('of ours, Prisma goes on as if it had not been', async () => {
    project.revision('alpha', '002_index', broken)
    expect((await project.db(['migrate'])).exitCode).toBe(5)
    const before = await catalogsOf(project, 'alpha')
    expect((await prisma('migrate', 'status')).stdout).toContain('002_index')
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    project.revision('alpha', '002_index', second)
    expect(await prisma('migrate', 'deploy')).toMatchObject({ exitCode: 0 })
    await expectOursAgrees('002')
  })

  test('of Prisma, ours waits until it is resolved, and then goes on', async () => {
    project.revision('alpha', '002_index', broken)
    expect((await prisma('migrate', 'deploy')).exitCode).toBe(1)
    const blocked = await project.db(['migrate'])
    expect(blocked).toMatchObject({ exitCode: 2, stdout: '' })
    expect(blocked.stderr).toContain('[plan.unfinished]')
    expect(blocked.stderr).toContain('prisma migrate resolve --rolled-back 002_index')

    expect((await prisma('migrate', 'resolve', '--rolled-back', '002_index')).exitCode).toBe(0)
    project.revision('alpha', '002_index', second)
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    await expectPrismaAgrees()
  })
})

test('a database that Prisma has taken over as it was counts as migrated', async () => {
  await project.query('alpha', first)
  expect((await prisma('migrate', 'resolve', '--applied', '001_users')).exitCode).toBe(0)
  await expectOursAgrees('001')
})

test('both see an edited migration', async () => {
  await project.db(['migrate'])
  project.revision('alpha', '001_users', `${first}-- edited\n`)
  const ours = await project.db(['migrate'])
  expect(ours).toMatchObject({ exitCode: 2 })
  expect(ours.stderr).toContain('[plan.divergent]')
  project.revision('alpha', '001_users', first)
  await expectPrismaAgrees()
  await expectOursAgrees('001')
})

test('four of ours and two of Prisma’s at once apply everything exactly once', async () => {
  for (const [name, script] of [
    ['002_runs', 'CREATE TABLE runs (revision text);'],
    ['003_run', `INSERT INTO runs VALUES ('003'); SELECT pg_sleep(0.2);`],
    ['004_run', `INSERT INTO runs VALUES ('004'); SELECT pg_sleep(0.2);`],
  ] as const) {
    project.revision('alpha', name, script)
  }
  const results = await Promise.all([
    ...Array.from({ length: 4 }, () => project.db(['migrate'])),
    ...Array.from({ length: 2 }, () => prisma('migrate', 'deploy')),
  ])
  for (const { exitCode, stderr } of results) expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_users', '002_runs', '003_run', '004_run'])
  expect(await project.query('alpha', 'SELECT revision FROM runs ORDER BY 1')).toEqual([
    { revision: '003' },
    { revision: '004' },
  ])
})

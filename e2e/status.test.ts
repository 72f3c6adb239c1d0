import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: { '001_first': 'CREATE TABLE first (id int);' },
    beta: { '002_second': 'CREATE TABLE second (id int);', '003_third': 'CREATE TABLE third (id int);' },
  })
})
afterEach(() => project.dispose())

const reads = [
  ['status'],
  ['status', '--json'],
  ['migrate', '--check-status'],
  ['inspect'],
  ['inspect', '--indexes'],
  ['config'],
  ['url'],
]

describe('what only reads leaves no trace', () => {
  test('in an empty database', async () => {
    for (const database of ['alpha', 'beta']) await tenant.createDatabase(project.databaseName(database))
    const before = await catalogsOf(project, 'alpha')
    for (const args of reads) {
      const { exitCode } = await project.db(args, { mayShowPasswords: args[0] === 'url' })
      expect({ args, exitCode }).toEqual({ args, exitCode: args.includes('--check-status') ? 4 : 0 })
    }
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
  })

  test('where there is no database', async () => {
    for (const args of reads) await project.db(args, { mayShowPasswords: args[0] === 'url' })
    const names = ['alpha', 'beta'].map((database) => `'${project.databaseName(database)}'`).join(', ')
    expect(await tenant.asAdmin(`SELECT datname FROM pg_database WHERE datname IN (${names})`)).toEqual([])
  })

  test('for a role that may only read', async () => {
    await project.db(['migrate'])
    const reader = await tenant.createRole('')
    await project.query('alpha', `GRANT SELECT ON _prisma_migrations TO ${reader.role}`)
    const env = { DATABASE_URL_ALPHA: tenant.url(project.databaseName('alpha'), reader) }
    expect(await project.db(['migrate', '--check-status'], { env })).toMatchObject({ exitCode: 0 })
    // With nothing to do, migrating only reads too.
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0, stderr: 'Nothing to do.\n' })
  })
})

test('status tells base, behind and head, and what is applied and pending', async () => {
  expect(await project.db(['status'])).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: `❌ alpha: base (1 behind 001)
   pending  001_first
❌ beta: base (2 behind 003)
   pending  002_second
   pending  003_third
`,
  })
  await project.db(['migrate'])
  project.revision('beta', '004_fourth', 'SELECT 1;')
  expect((await project.db(['status'])).stdout).toBe(`✅ alpha: 001 (head)
   applied  001_first
❌ beta: 003 (1 behind 004)
   applied  002_second
   applied  003_third
   pending  004_fourth
`)
  expect((await project.db(['status', '--a-only'])).stdout).toBe(
    '✅ alpha: 001 (head)\n   applied  001_first\n',
  )
})

test('status --json has stable keys', async () => {
  await project.db(['migrate', '--a-only'])
  const { stdout, stderr } = await project.db(['status', '--json'])
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    databases: [
      {
        database: 'alpha',
        current: ['001'],
        heads: ['001'],
        atHead: true,
        applied: ['001_first'],
        pending: [],
        findings: [],
        skipped: [],
        data: [],
      },
      {
        database: 'beta',
        current: [],
        heads: ['003'],
        atHead: false,
        applied: [],
        pending: ['002_second', '003_third'],
        findings: [],
        skipped: [],
        data: [],
      },
    ],
  })
})

test('--check-status exits 4 while a database is behind, and 0 at head', async () => {
  await project.db(['migrate', '--a-only'])
  expect(await project.db(['migrate', '--check-status'])).toEqual({
    exitCode: 4,
    stderr: '',
    stdout: '✅ alpha: 001 (head)\n❌ beta: base (2 behind 003)\n',
  })
  await project.db(['migrate'])
  expect(await project.db(['migrate', '--check-status'])).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: '✅ alpha: 001 (head)\n✅ beta: 003 (head)\n',
  })
})

test('an empty history is at head', async () => {
  project.dispose()
  project = makeProject(tenant, { alpha: {} })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: base (head)\n' })
})

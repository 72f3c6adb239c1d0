import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const scripts = {
  '001_first': 'CREATE TABLE first (id int NOT NULL, CONSTRAINT first_pkey PRIMARY KEY (id));',
  '002_second': `CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2'; COMMENT ON TABLE first IS 'one';`,
}

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: scripts,
    beta: { '003_third': '-- depends-on: alpha@001\nCREATE TABLE third (id int);' },
  })
  for (const database of ['alpha', 'beta']) await tenant.createDatabase(project.databaseName(database))
})
afterEach(() => project.dispose())

/** A database as it came about without any ledger. */
const adopt = async () => {
  for (const script of Object.values(scripts)) await project.query('alpha', script)
}
const status = async () => await project.prisma('alpha', ['migrate', 'status'])

test('an existing database is adopted, and nothing is run', async () => {
  await adopt()
  const result = await project.db(['stamp', 'head', '--only', 'alpha', '--verify'])
  expect(result).toEqual({ exitCode: 0, stderr: '', stdout: 'alpha: 002\n  + 001_first\n  + 002_second\n' })
  expect(await status()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('up to date') })
  expect(await project.db(['migrate', '--only', 'alpha'])).toMatchObject({
    exitCode: 0,
    stdout: '✅ alpha: 002 (head)\n',
    stderr: 'Nothing to do.\n',
  })
  expect(await project.db(['stamp', 'head', '--only', 'alpha'])).toMatchObject({
    stdout: 'alpha: 002 (as before)\n',
  })
})

test('a row is the same as the one that Prisma writes', async () => {
  await adopt()
  await project.prisma('alpha', ['migrate', 'resolve', '--applied', '001_first'])
  await project.db(['stamp', '002'])
  const rows = await project.query(
    'alpha',
    `SELECT migration_name AS name, logs, applied_steps_count AS steps, rolled_back_at, length(checksum) AS sum,
            length(id) AS id, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY started_at`,
  )
  const { name: first, ...byPrisma } = rows[0] ?? {}
  expect(rows).toEqual([
    { name: first, ...byPrisma },
    { name: '002_second', ...byPrisma },
  ])
})

describe('--verify', () => {
  test('shows what differs, and stamps nothing', async () => {
    await project.query(
      'alpha',
      `${scripts['001_first']} CREATE TABLE extra (); COMMENT ON TABLE first IS 'other'`,
    )
    const before = await catalogsOf(project, 'alpha')
    const { exitCode, stdout, stderr } = await project.db(['stamp', 'alpha@head', '--verify'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: 'Nothing was stamped.\n' })
    expect(stdout).toBe(
      [
        '❌ alpha: 3 differences from what its history makes',
        '  - function public.two()',
        '  + table public.extra',
        '  ~ comment TABLE public.first',
        '      text in the history:  one',
        '      text in the database: other',
        '',
      ].join('\n'),
    )
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
  })

  test('has a remark on what belongs to another role, and stamps', async () => {
    await adopt()
    const { role } = await tenant.createRole('')
    await tenant.asAdmin(`GRANT ${role} TO ${tenant.role}`)
    await project.query(
      'alpha',
      `GRANT CREATE ON SCHEMA public TO ${role}; ALTER TABLE first OWNER TO ${role}`,
    )
    await project.query('alpha', `REVOKE CREATE ON SCHEMA public FROM ${role}`)
    const { exitCode, stderr } = await project.db(['stamp', 'alpha@head', '--verify'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `⚠ 1 object of alpha belongs to another role than the history would give it (table public.first to ${role}, not to ${tenant.role}).\n`,
    })
  })

  test('leaves the ledger alone', async () => {
    await project.db(['migrate'])
    expect(await project.db(['stamp', 'alpha@head', '--verify'])).toMatchObject({ exitCode: 0 })
  })

  test('leaves other schemas of the database alone', async () => {
    await adopt()
    await project.query('alpha', 'CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.t (id int PRIMARY KEY)')
    expect(await project.db(['stamp', 'alpha@head', '--verify'])).toMatchObject({ exitCode: 0 })
  })
})

test('backward the rows are kept as rolled back, and migrating runs the scripts again', async () => {
  await project.db(['migrate'])
  expect(await project.db(['stamp', '001'])).toMatchObject({
    exitCode: 0,
    stdout: 'alpha: 001\n  - 002_second\n',
  })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first'])
  const rows = await project.query('alpha', 'SELECT FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL')
  expect(rows).toHaveLength(1)
  expect(await status()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('002_second') })
  await project.query('alpha', 'DROP FUNCTION two()')
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  expect(await status()).toMatchObject({ exitCode: 0 })
})

test('base forgets all, and says what still depends on it', async () => {
  await project.db(['migrate'])
  expect(await project.db(['stamp', 'alpha@base'])).toMatchObject({
    exitCode: 0,
    stdout: 'alpha: base\n  - 001_first\n  - 002_second\n',
  })
  const { stderr } = await project.db(['stamp', 'beta@head'])
  expect(stderr).toBe("⚠ 003_third of beta needs alpha@001, which isn't applied.\n")
})

test('rows that no directory explains need --purge', async () => {
  await project.db(['migrate'])
  project.remove('alpha/prisma/migrations/002_second')
  project.revision('alpha', '002_other', 'SELECT 1;')
  expectFailure(await project.db(['stamp', 'alpha@head']), {
    code: 'plan.missing',
    exitCode: 2,
    what: '002_second is applied to alpha',
    why: /./,
    fix: /./,
  })
  expect(await project.db(['stamp', 'alpha@head', '--purge', '--json'])).toMatchObject({ exitCode: 0 })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first', '002_other'])
  expect(await status()).toMatchObject({ exitCode: 0 })
})

test('an unknown revision and a missing database are refused', async () => {
  expectFailure(await project.db(['stamp', '009']), {
    code: 'plan.unknown-revision',
    exitCode: 2,
    what: '"009"',
    why: /./,
    fix: /./,
  })
  await tenant.asAdmin(`DROP DATABASE ${project.databaseName('beta')}`)
  expectFailure(await project.db(['stamp', 'beta@head']), {
    code: 'database.missing',
    exitCode: 2,
    what: 'beta',
    why: /./,
    fix: /./,
  })
})

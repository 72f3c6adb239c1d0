import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { pnpm } from './support/pnpm.ts'
import { dbCommand, lastLines, node, root, run } from './support/run.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

// The repository's own two databases, on the test server, through the commands of the README.

let tenant: Tenant
let env: Readonly<Record<string, string>>

const atHead = ['✅ socrates_auth: 002 (head)', '✅ socrates_specs: 009 (head)']

const newDatabases = () => ({
  DATABASE_URL_AUTH: tenant.url(tenant.newName()),
  DATABASE_URL_SPECS: tenant.url(tenant.newName()),
})

const db = (args: readonly string[], variables = env) =>
  run(node, [dbCommand, ...args], { cwd: root, env: variables })

const revisionsIn = async (url: string | undefined) =>
  (await query(url ?? '', 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1')).map(
    ({ name }) => name,
  )

beforeAll(async () => {
  tenant = await makeTenant()
  env = newDatabases()
})
afterAll(() => tenant.dispose())

test('pnpm db:migrate brings two databases that don’t exist to head, and says so in its last lines', async () => {
  const behind = await pnpm(['db:migrate', '--check-status'], { env })
  expect(behind.exitCode).toBe(4)
  expect(lastLines(behind.stdout, 2)).toEqual([
    '❌ socrates_auth: base (2 behind 002)',
    '❌ socrates_specs: base (7 behind 009)',
  ])

  const first = await pnpm(['db:migrate'], { env })
  expect({ ...first, stdout: lastLines(first.stdout, 2) }).toMatchObject({ exitCode: 0, stdout: atHead })
  expect(first.stderr).toContain('create database socrates_auth')
  expect(await revisionsIn(env.DATABASE_URL_AUTH)).toEqual(['001_initial_auth', '002_admin_management'])
  expect(await revisionsIn(env.DATABASE_URL_SPECS)).toHaveLength(7)
})

test('again it does nothing, and says that', async () => {
  const again = await pnpm(['db:migrate'], { env })
  expect({ ...again, stdout: lastLines(again.stdout, 2) }).toMatchObject({ exitCode: 0, stdout: atHead })
  expect(again.stderr).toContain('Nothing to do.')
  expect((await pnpm(['db:migrate', '--check-status'], { env })).exitCode).toBe(0)
})

test('JSON stays JSON behind the banner of pnpm', async () => {
  const { stdout, exitCode } = await pnpm(['db', 'status', '--json'], { env })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    databases: [
      { database: 'socrates_auth', current: ['002'], atHead: true },
      { database: 'socrates_specs', current: ['009'], atHead: true },
    ],
  })
})

test('--specs-only on an empty machine is refused, and says what to type', async () => {
  const empty = newDatabases()
  expectFailure(await db(['migrate', '--specs-only'], empty), {
    code: 'plan.dependency-unmet',
    exitCode: 2,
    what: `003_core_specification of socrates_specs needs socrates_auth@001, which isn't applied.`,
    why: 'Its header says `depends-on`',
    fix: 'pnpm db:migrate',
  })
  expect(await db(['migrate', '--auth-only'], empty)).toMatchObject({ exitCode: 0, stdout: `${atHead[0]}\n` })
  expect(await db(['migrate', '--specs-only'], empty)).toMatchObject({
    exitCode: 0,
    stdout: `${atHead[1]}\n`,
  })
})

test('only one of the two URLs set is refused, unless only that database is meant', async () => {
  const { DATABASE_URL_AUTH } = newDatabases()
  expectFailure(await db(['migrate'], { DATABASE_URL_AUTH, DATABASE_URL_SPECS: '' }), {
    code: 'url.incomplete',
    exitCode: 2,
    what: 'DATABASE_URL_AUTH is set and DATABASE_URL_SPECS is not.',
    why: 'The databases belong together',
    fix: 'Set DATABASE_URL_SPECS too',
  })
  expect(await db(['migrate', '--auth-only'], { DATABASE_URL_AUTH, DATABASE_URL_SPECS: '' })).toMatchObject({
    exitCode: 0,
    stdout: `${atHead[0]}\n`,
  })
})

test('it works from any folder of the repository', async () => {
  const cwd = join(root, 'packages/db-specs/prisma/migrations')
  expect(await run(node, [dbCommand, 'migrate'], { cwd, env })).toMatchObject({
    exitCode: 0,
    stdout: `${atHead.join('\n')}\n`,
  })
})

test('ten at once on empty databases apply every revision exactly once', async () => {
  const empty = newDatabases()
  const results = await Promise.all(Array.from({ length: 10 }, () => db(['migrate'], empty)))
  for (const result of results)
    expect(result).toMatchObject({ exitCode: 0, stdout: `${atHead.join('\n')}\n` })
  expect(await revisionsIn(empty.DATABASE_URL_AUTH)).toHaveLength(2)
  expect(await revisionsIn(empty.DATABASE_URL_SPECS)).toHaveLength(7)
})

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

const seedCommand = join(root, 'apps/seed/bin/seed.js')
const until = '2026-11-01T00:00:00.000Z'

let tenant: Tenant
let urls: { auth: string; specs: string }
const env = () => ({ DATABASE_URL_AUTH: urls.auth, DATABASE_URL_SPECS: urls.specs })
const seed = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  run(node, [seedCommand, ...args], { cwd: root, env: { ...env(), ...more } })
const migrate = async () => {
  const args = [dbCommand, 'migrate', '--no-log', '--no-generate']
  expect(await run(node, args, { cwd: root, env: env() })).toMatchObject({ exitCode: 0 })
}
const usersIn = async () => (await query(urls.auth, 'SELECT id FROM users ORDER BY id')).map(({ id }) => id)

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())

beforeEach(() => {
  urls = { auth: tenant.url(tenant.newName()), specs: tenant.url(tenant.newName()) }
})

describe('db:seed', () => {
  test('fills empty databases, refuses them the second time, and makes the same rows after a reset', async () => {
    await migrate()
    const args = ['--scale', '20', '--until', until]
    const { stdout, stderr, exitCode } = await seed([...args, '--json'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 1,
      users: 20,
      until,
      databases: [
        { database: 'socrates_auth', tables: { users: 20 } },
        { database: 'socrates_specs', rows: expect.any(Number) },
      ],
    })
    const first = await usersIn()
    expectFailure(await seed(args), {
      code: 'seed.not-empty',
      exitCode: 2,
      what: 'socrates_auth has rows already, in users.',
      why: 'could not be told apart',
      fix: '--reset',
    })
    expect(await seed([...args, '--reset'])).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await usersIn()).toEqual(first)
    const again = await seed([...args, '--reset', '--yes'])
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^socrates_auth: \d+ rows in 5 tables, .*\nsocrates_specs: \d+ rows in 24 /,
      ),
    })
    expect(await usersIn()).toEqual(first)
    expect(await seed(['--reset', '--yes', '--scale', '20', '--seed', '2'])).toMatchObject({ exitCode: 0 })
    expect(await usersIn()).not.toEqual(first)
  })

  test('leaves production alone without --force, and never resets it', async () => {
    await migrate()
    const production = { NODE_ENV: 'production' }
    expectFailure(await seed(['--scale', '3'], production), {
      code: 'seed.production',
      exitCode: 2,
      what: 'A production database is not seeded.',
      why: 'NODE_ENV is "production"',
      fix: '--force',
    })
    expect(await usersIn()).toEqual([])
    expect(await seed(['--scale', '3', '--force'], production)).toMatchObject({ exitCode: 0 })
    const users = await usersIn()
    expect(users).toHaveLength(3)
    const reset = await seed(['--scale', '3', '--force', '--reset', '--yes'], production)
    expect(reset).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('[reset.production]') })
    expect(await usersIn()).toEqual(users)
  })

  test('asks for a migration where there is none', async () => {
    const { stdout, exitCode } = await seed(['--json'])
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'seed.behind' } })
  })

  test('measures itself against a bare COPY, and leaves no copy behind', async () => {
    await migrate()
    const { stdout, exitCode } = await seed(['--scale', '30', '--measure', '--json'])
    expect(exitCode).toBe(0)
    const { rows, measured } = JSON.parse(stdout)
    expect(rows).toBeGreaterThan(1000)
    expect(measured.ratio).toBeCloseTo(measured.bareSeconds / measured.seedSeconds)
    const copies = await tenant.asAdmin("SELECT datname FROM pg_database WHERE datname ~ '_bare_'")
    expect(copies).toEqual([])
  })

  test('measures nothing where it may not create databases', async () => {
    await migrate()
    await tenant.asAdmin(`ALTER ROLE ${tenant.role} NOCREATEDB`)
    const { stdout, exitCode } = await seed(['--scale', '3', '--measure', '--json'])
    await tenant.asAdmin(`ALTER ROLE ${tenant.role} CREATEDB`)
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'seed.unmeasurable' } })
    expect(await usersIn()).toEqual([])
  })

  test.each([
    [['--scale', 'huge'], 'It is none of small, medium, large and no number.'],
    [['--seed', '-1'], 'It is not a whole number below 4294967296.'],
    [['--until', 'tomorrow'], 'It is not a time such as 2026-01-01T00:00:00Z.'],
    [['--size'], "unknown option '--size'"],
  ])('%j is refused', async (args, problem) => {
    expect(await seed(args)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(problem),
    })
  })

  test('--help shows examples', async () => {
    expect(await seed(['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('pnpm db:seed --reset --yes --scale medium'),
    })
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const twoDatabases = async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_users': 'CREATE TABLE users (id int PRIMARY KEY);',
      '002_names': 'ALTER TABLE users ADD name text;',
    },
    beta: {
      '003_specs': '-- depends-on: alpha@001\nCREATE TABLE specs (id int PRIMARY KEY);',
      '004_notes': 'CREATE TABLE notes (id int);',
    },
  })
  for (const database of ['alpha', 'beta']) await tenant.createDatabase(project.databaseName(database))
}

const applied = async () => ({
  alpha: await appliedIn(project, 'alpha'),
  beta: await appliedIn(project, 'beta'),
})

describe('db upgrade', () => {
  test('goes to head without a target, and to a revision with what it needs elsewhere', async () => {
    await twoDatabases()
    const first = await project.db(['upgrade', '003'])
    expect(first).toMatchObject({ exitCode: 0 })
    expect(await applied()).toEqual({ alpha: ['001_users'], beta: ['003_specs'] })
    expect(await project.db(['upgrade'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n✅ beta: 004 (head)\n',
    })
    expect((await project.db(['upgrade'])).stderr).toContain('Nothing to do.')
  })

  test('takes steps in one database, and refuses them where it is not said in which', async () => {
    await twoDatabases()
    expectFailure(await project.db(['upgrade', '+1']), {
      code: 'plan.relative-unscoped',
      exitCode: 2,
      what: '"+1"',
      why: 'more than one database is selected',
      fix: 'alpha@+1 or beta@+1',
    })
    expect(await project.db(['upgrade', 'a@+1'])).toMatchObject({ exitCode: 0 })
    expect(await applied().catch(() => appliedIn(project, 'alpha'))).toEqual(['001_users'])
  })

  test('prints its plan with the exact SQL, and touches nothing', async () => {
    await twoDatabases()
    const before = await catalogsOf(project, 'alpha')
    const plan = await project.db(['upgrade', '003', '--plan'])
    expect(plan.exitCode).toBe(0)
    expect(plan.stdout).toMatch(
      /-- upgrade alpha 001_users\n[\s\S]*BEGIN;\nSET LOCAL lock_timeout = 2000;\nINSERT INTO [\s\S]*CREATE TABLE users[\s\S]*COMMIT;[\s\S]*-- upgrade beta 003_specs/,
    )
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    const json = JSON.parse((await project.db(['upgrade', '003', '--plan', '--json'])).stdout)
    expect(json.steps).toMatchObject([
      { database: 'alpha', revision: '001_users', direction: 'upgrade', transaction: 'one' },
      { database: 'beta', revision: '003_specs', direction: 'upgrade', transaction: 'one' },
    ])
  })

  test('says as JSON what each step came to', async () => {
    await twoDatabases()
    project.revision('alpha', '005_rows', '-- revises: 002\nINSERT INTO users SELECT generate_series(1, 7);')
    const { stdout, stderr, exitCode } = await project.db(['upgrade', '--json'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(JSON.parse(stdout).steps.at(-1)).toMatchObject({ revision: expect.any(String), outcome: 'done' })
    expect(JSON.parse(stdout).steps).toContainEqual(
      expect.objectContaining({ revision: '005_rows', direction: 'upgrade', rows: 7 }),
    )
  })

  test('creates a database only when it is told to', async () => {
    project = makeProject(tenant, { alpha: { '001_users': 'CREATE TABLE users (id int);' } })
    expectFailure(await project.db(['upgrade']), {
      code: 'database.missing',
      exitCode: 2,
      what: "doesn't exist",
      why: 'not been created yet',
      fix: 'pnpm db:migrate',
    })
    expect((await project.db(['upgrade', '--create'])).exitCode).toBe(0)
  })
})

describe('options.json', () => {
  test('with an unknown key stops everything before it began', async () => {
    await twoDatabases()
    project.write('beta/prisma/migrations/004_notes/options.json', '{ "lock_timeout": "5s" }')
    expectFailure(await project.db(['upgrade']), {
      code: 'options.invalid',
      exitCode: 2,
      what: /004_notes\/options\.json.*unknown key "lock_timeout"/,
      why: 'misspelt',
      fix: 'lockTimeout',
    })
    expect(await project.query('alpha', "SELECT to_regclass('users') AS users")).toEqual([{ users: null }])
  })

  test('names the environments of a revision; elsewhere it is recorded as skipped', async () => {
    await twoDatabases()
    project.write(
      'alpha/prisma/migrations/002_names/options.json',
      '{ "environments": ["staging", "production"] }',
    )
    const skipped = await project.db(['upgrade', '--env', 'test'])
    expect(skipped).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n✅ beta: 004 (head)\n' })
    expect(skipped.stderr).toContain('alpha 002_names (skipped in environment test)')
    expect(
      await project.query(
        'alpha',
        'SELECT migration_name AS name, applied_steps_count AS steps, logs FROM _prisma_migrations ORDER BY 1',
      ),
    ).toEqual([
      { name: '001_users', steps: 1, logs: null },
      { name: '002_names', steps: 0, logs: 'skipped in environment test' },
    ])
    expect((await project.db(['status'])).stdout).toContain('skipped  002_names (in environment test)')
    expect(JSON.parse((await project.db(['status', '--json'])).stdout).databases).toMatchObject([
      { applied: ['001_users', '002_names'], skipped: [{ revision: '002_names', environment: 'test' }] },
      { skipped: [] },
    ])
    project.write('alpha/prisma/schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n')
    expect((await project.prisma('alpha', ['migrate', 'status'])).stdout).toContain(
      'Database schema is up to date!',
    )
    expect((await project.db(['downgrade', 'alpha@-1', '--yes'])).exitCode).toBe(0)
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])
    expect((await project.prisma('alpha', ['migrate', 'status'])).stdout).toContain('002_names')
    const run = await project.db(['upgrade'], { env: { DB_ENVIRONMENT: 'staging' } })
    expect(run.exitCode).toBe(0)
    expect(await project.query('alpha', 'SELECT name FROM users')).toEqual([])
  })
})

describe('what is heard of a run', () => {
  test('is each statement with its time when an echo is asked for, passwords aside', async () => {
    project = makeProject(tenant, {
      alpha: {
        '001_role': `CREATE TABLE t (a int);
INSERT INTO t SELECT generate_series(1, 3);
CREATE USER MAPPING IF NOT EXISTS FOR CURRENT_USER SERVER nowhere OPTIONS (password 'hunter2');`,
      },
    })
    const failed = await project.db(['migrate', '--echo'])
    expect(failed.exitCode).toBe(5)
    expect(failed.stderr).toMatch(/001_role 1\/3 \(\d+ ms\)\nCREATE TABLE t \(a int\);/)
    expect(failed.stderr).toMatch(/001_role 2\/3 \(\d+ ms, 3 rows\)\nINSERT INTO t/)
    expect(await project.query('alpha', "SELECT to_regclass('t') AS t")).toEqual([{ t: null }])
    const quiet = await project.db(['migrate'], { env: { DB_ECHO: '1' } })
    expect(quiet.stderr).toContain('INSERT INTO t')
  })

  test('is kept in a log: who, what, how long, how many rows, and what the server said', async () => {
    project = makeProject(tenant, {
      alpha: {
        '001_rows': `CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); DO $$ BEGIN RAISE NOTICE 'two rows'; END $$;`,
        '002_fails': 'INSERT INTO t VALUES (1 / 0);',
      },
    })
    expect((await project.db(['migrate'])).exitCode).toBe(5)
    const file = join(project.directory, 'logs/migration.log')
    const records = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toMatchObject([
      {
        level: 'info',
        database: 'alpha',
        revision: '001_rows',
        direction: 'upgrade',
        outcome: 'done',
        milliseconds: expect.any(Number),
        rows: 2,
        role: tenant.role,
        notices: [{ severity: 'NOTICE', message: 'two rows' }],
        user: expect.any(String),
        host: expect.any(String),
        pid: expect.any(Number),
      },
      {
        level: 'error',
        revision: '002_fails',
        outcome: 'failed',
        error: { code: 'migration.failed', sqlstate: '22012' },
      },
    ])
    expect(readFileSync(file, 'utf8')).not.toContain(tenant.password)
  })

  test('is kept where it is said, or not at all', async () => {
    project = makeProject(tenant, { alpha: { '001_t': 'CREATE TABLE t (a int);' } })
    expect((await project.db(['migrate', '--no-log'])).exitCode).toBe(0)
    expect(existsSync(join(project.directory, 'logs'))).toBe(false)
    project.revision('alpha', '002_u', 'CREATE TABLE u (a int);')
    expect((await project.db(['migrate'], { env: { DB_LOG: 'there/it.log' } })).exitCode).toBe(0)
    expect(readFileSync(join(project.directory, 'there/it.log'), 'utf8')).toContain('002_u')
    project.revision('alpha', '003_v', 'CREATE TABLE v (a int);')
    const unwritable = await project.db(['migrate', '--log', 'package.json/migration.log'])
    expect(unwritable).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
    expect(unwritable.stderr).toContain('no log is kept')
  })
})

import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project, variableOf } from './support/project.ts'
import { dbCommand, node, run } from './support/run.ts'
import { hidden } from './support/secrets.ts'
import { makeTenant, query, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: {
      '001_users': `CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody');
COMMENT ON COLUMN users.name IS 'what to call them';
CREATE INDEX users_name ON users (name);`,
    },
    beta: { '002_specs': 'CREATE TABLE specs (id int PRIMARY KEY);' },
  })
})
afterEach(() => project.dispose())

describe('config', () => {
  test('tells which databases are in force and where that is said, with masked passwords', async () => {
    const { stdout, exitCode } = await project.db(['config'])
    expect(exitCode).toBe(0)
    const masked = project.url('alpha').replace(/:[^:@]+@/, ':***@')
    expect(stdout).toMatch(/^database +url +schema +from +migrations\n/)
    expect(stdout).toContain(`alpha     ${masked}`)
    expect(stdout).toContain('DATABASE_URL_BETA (environment)')
    const json = JSON.parse((await project.db(['config', '--json', '--a-only'])).stdout)
    expect(json).toEqual({
      root: project.directory,
      databases: [
        {
          database: 'alpha',
          url: masked,
          schema: 'public',
          origin: 'DATABASE_URL_ALPHA (environment)',
          migrations: join(project.directory, 'alpha/prisma/migrations'),
        },
      ],
    })
  })

  test('masks secrets among the parameters of a URL too', async () => {
    const url = `postgresql://127.0.0.1/db?user=app&password=${encodeURIComponent(tenant.password)}&schema=own`
    const { stdout } = await project.db(['config'], { env: { [variableOf('alpha')]: url } })
    expect(stdout).toContain('password=***&schema=own')
  })
})

test('url prints what other tools need, passwords included', async () => {
  const mayShowPasswords = true
  expect((await project.db(['url'], { mayShowPasswords })).stdout).toBe(
    `DATABASE_URL_ALPHA=${project.url('alpha')}\nDATABASE_URL_BETA=${project.url('beta')}\n`,
  )
  expect((await project.db(['url', '--only', 'alpha'], { mayShowPasswords })).stdout).toBe(
    `${project.url('alpha')}\n`,
  )
  expect(JSON.parse((await project.db(['url', '--json'], { mayShowPasswords })).stdout)).toEqual({
    alpha: project.url('alpha'),
    beta: project.url('beta'),
  })
})

describe('inspect', () => {
  test('shows tables, indexes and what a table is made of', async () => {
    await project.db(['migrate'])
    const tables = await project.db(['inspect'])
    expect(tables.stdout).toMatch(/^alpha: 2 tables, 3 indexes\nPostgreSQL \d+/)
    expect(tables.stdout).toMatch(/^specs +table/m)
    expect((await project.db(['inspect', '--indexes', '--a-only'])).stdout).toMatch(
      /^users +users_name +no +no +yes$/m,
    )
    const users = await project.db(['inspect', 'users'])
    expect(users.stdout).toMatch(/^alpha: users\n/)
    expect(users.stdout).toMatch(/^name +text +no +'nobody'::text +what to call them$/m)
    expect(users.stdout).toContain('CREATE INDEX users_name ON public.users USING btree (name)')
    expect(JSON.parse((await project.db(['inspect', 'users', '--json'])).stdout)).toMatchObject({
      tables: [{ database: 'alpha', table: 'users', columns: [{ name: 'id' }, { name: 'name' }] }],
    })
  })

  test('refuses a table that no database has, and a database that isn’t there', async () => {
    expectFailure(await project.db(['inspect', 'users']), {
      code: 'database.missing',
      exitCode: 2,
      what: /^The database for (alpha|beta) doesn't exist on/,
      why: 'this command was told not to, or only looks',
      fix: 'Run `pnpm db:migrate`',
    })
    await project.db(['migrate'])
    expectFailure(await project.db(['inspect', `user"s'; --`]), {
      code: 'table.unknown',
      exitCode: 2,
      what: `There is no table "user"s'; --" in alpha or beta.`,
      why: 'The name is misspelt',
      fix: 'pnpm db inspect',
    })
  })
})

describe('reset', () => {
  const rows = () => project.query('alpha', 'SELECT name FROM users')

  beforeEach(async () => {
    await project.db(['migrate'])
    await project.query('alpha', 'INSERT INTO users VALUES (1)')
  })

  test('asks, and without a terminal needs --yes', async () => {
    expectFailure(await project.db(['reset']), {
      code: 'answer.missing',
      exitCode: 2,
      what: /^Nobody is there to answer: Delete alpha at \S+ and beta at \S+ with all their rows\?$/,
      why: 'The command loses data, and standard input is not a terminal.',
      fix: 'Say --yes',
    })
    expect(await rows()).toHaveLength(1)
  })

  test('is refused in production, --yes or not', async () => {
    expectFailure(await project.db(['reset', '--yes'], { env: { NODE_ENV: 'production' } }), {
      code: 'reset.production',
      exitCode: 2,
      what: 'A production database is never reset.',
      why: 'NODE_ENV is "production"',
      fix: 'Unset NODE_ENV',
    })
    expect(await rows()).toHaveLength(1)
  })

  test('empties the databases and brings them to head, also while others are connected', async () => {
    expect(await project.db(['reset', '--yes', '--a-only'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 001 (head)\n',
    })
    expect(await rows()).toEqual([])
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])
    await withClient(project.url('alpha'), async () => {
      expect(await project.db(['reset', '--yes'])).toMatchObject({
        exitCode: 0,
        stdout: '✅ alpha: 001 (head)\n✅ beta: 002 (head)\n',
      })
    })
  })

  test('drops nothing that could not be made again', async () => {
    project.revision('alpha', '003_left', '-- revises: 001\nSELECT 1;')
    project.revision('alpha', '004_right', '-- revises: 001\nSELECT 1;')
    expectFailure(await project.db(['reset', '--yes']), {
      code: 'plan.multiple-heads',
      exitCode: 2,
      what: 'The history of alpha has several heads: 003, 004.',
      why: 'Two revisions name the same parent',
      fix: '-- revises: 003, 004',
    })
    expect(await rows()).toHaveLength(1)
  })

  test('makes one database alone again whose dependency is applied in the other', async () => {
    project.revision('beta', '005_more', '-- depends-on: alpha@001\nSELECT 1;')
    expect(await project.db(['reset', '--yes', '--b-only'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ beta: 005 (head)\n',
    })
    expect(await rows()).toHaveLength(1)
  })
})

describe('the local server', () => {
  const withLocal = () =>
    project.write(
      'databases.config.ts',
      `import { localPostgres } from '@manybase/local-postgres'
import { defineDatabases, fromVariable } from '@manybase/migrator/config'
export default defineDatabases({
  local: localPostgres({ directory: '.data/postgres' }),
  databases: { alpha: { directory: 'alpha', url: fromVariable('DATABASE_URL_ALPHA') } },
})`,
    )
  const plainDb = (...args: readonly string[]) =>
    run(node, [dbCommand, ...args], { cwd: project.directory, mayShowPasswords: args[0] === 'url' })

  test('up, migrate without a URL, url, down: the data stay', async () => {
    withLocal()
    try {
      const up = await plainDb('up')
      expect(up).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^PostgreSQL 17\.\d+ runs at 127\.0\.0\.1:\d+\n$/),
      })
      expect((await plainDb('up', '--json')).stdout).toMatch(
        /^\{"host":"127\.0\.0\.1","port":\d+,"version":"17\.\d+"\}\n$/,
      )
      const migrated = await plainDb('migrate')
      expect(migrated).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
      const url = (await plainDb('url', '--only', 'alpha')).stdout.trim()
      await query(url, 'INSERT INTO users VALUES (1)')
      const { password } = new URL(url)
      expect(password).not.toBe('')
      for (const { stdout, stderr } of [up, migrated, await plainDb('config'), await plainDb('status')]) {
        expect(`${stdout}${stderr}`).not.toContain(password)
        hidden(stdout, stderr)
      }
      expect(await plainDb('down')).toMatchObject({ exitCode: 0, stdout: 'The local server is stopped.\n' })
      expect(await plainDb('down')).toMatchObject({ exitCode: 0, stdout: 'No local server was running.\n' })
      await plainDb('up')
      expect(await query(url, 'SELECT id FROM users')).toEqual([{ id: 1 }])
    } finally {
      await plainDb('down')
    }
  })

  test('is not there without one in the catalog', async () => {
    for (const command of ['up', 'down']) {
      expectFailure(await project.db([command]), {
        code: 'local.missing',
        exitCode: 2,
        what: 'has no local server.',
        why: 'Only a server that this repository runs itself can be started and stopped from here.',
        fix: 'localPostgres(',
      })
    }
  })
})

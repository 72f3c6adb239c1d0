import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

interface Found {
  readonly check: string
  readonly database: string
  readonly status: string
  readonly what: string
}

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY, name text, mail varchar(20));' },
    beta: { '002_specs': '-- depends-on: alpha@001\nCREATE TABLE specs (id int PRIMARY KEY);' },
  })
  project.write('alpha/prisma/migrations/001_users/down.sql', 'DROP TABLE users;')
  project.write('beta/prisma/migrations/002_specs/down.sql', 'DROP TABLE specs;')
})
afterEach(() => project.dispose())

async function preflight(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await project.db(['preflight', '--json', '--no-backup', ...args])
  expect({ stderr, exitCode: exitCode ?? -1 }).toEqual({ stderr: '', exitCode: expect.any(Number) })
  const { results }: { results: Found[] } = JSON.parse(stdout)
  return {
    exitCode,
    results,
    remarks: results
      .filter(({ status }) => status === 'warning' || status === 'failed')
      .map(({ database, check, status, what }) => `${database} ${check} ${status}: ${what}`),
  }
}

const pending = (name: string, script: string) => {
  project.revision('alpha', name, script)
  project.write(`alpha/prisma/migrations/${name}/down.sql`, 'SELECT 1;')
}

describe('db preflight', () => {
  test('passes a database at head, and changes nothing', async () => {
    await project.db(['migrate'])
    const before = await catalogsOf(project, 'alpha')
    const { stdout, exitCode } = await project.db(['preflight', '--drift'])
    expect({ stdout, exitCode }).toEqual({
      stdout: expect.stringMatching(/\d+ ok, .*0 warnings, 0 failed\n$/),
      exitCode: 0,
    })
    expect(stdout).toMatch(/^alpha\n {2}✅ reachable {5}\S+ answers\n/)
    expect(stdout).toMatch(/✅ history {7}at head\n.*✅ drift {9}as its history makes it\n/)
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
  })

  test('says that a database is yet to be made, and by whom not', async () => {
    expect(await preflight()).toMatchObject({
      exitCode: 0,
      remarks: [
        expect.stringContaining("alpha reachable warning: The database for alpha doesn't exist"),
        expect.stringContaining("beta reachable warning: The database for beta doesn't exist"),
      ],
      results: expect.arrayContaining([
        expect.objectContaining({ check: 'history', what: '1 revision pending: 002_specs' }),
      ]),
    })
    const role = await tenant.createRole('NOCREATEDB')
    const env = { DATABASE_URL_ALPHA: tenant.url(project.databaseName('alpha'), role) }
    const { stdout, exitCode } = await project.db(['preflight', '--only', 'alpha'], { env })
    expect(exitCode).toBe(4)
    expect(stdout).toContain('may not create it')
    expect(
      await tenant.asAdmin(`SELECT FROM pg_database WHERE datname = '${project.databaseName('alpha')}'`),
    ).toEqual([])
  })

  test('looks at the others where one doesn’t answer', async () => {
    await project.db(['migrate'])
    const env = { DATABASE_URL_ALPHA: 'postgresql://nobody:secret@127.0.0.1:1/none' }
    const { stdout, exitCode } = await project.db(['preflight'], { env })
    expect(exitCode).toBe(4)
    expect(stdout).toContain('❌ reachable     No PostgreSQL answers for alpha')
    expect(stdout).toContain('✅ history       at head')
  })

  test('reads what is pending, against the rows that are there', async () => {
    await project.db(['migrate'])
    await project.query(
      'alpha',
      `INSERT INTO users SELECT i, 'n' || i, 'm' FROM generate_series(1, 300) i; ANALYZE users`,
    )
    pending(
      '003_more',
      'ALTER TABLE users ADD COLUMN age int NOT NULL;\n\nCREATE INDEX users_name ON users (name);',
    )
    pending(
      '004_type',
      'CREATE EXTENSION nothing_like_it;\nALTER TABLE users ALTER mail TYPE varchar(10), ALTER name TYPE text;',
    )
    const { remarks, exitCode } = await preflight('--big', '200')
    expect(exitCode).toBe(4)
    expect(remarks).toEqual([
      "alpha extensions failed: The server doesn't have the extension nothing_like_it.",
      'alpha statements failed: alpha/prisma/migrations/003_more/migration.sql:1: public.users has rows, and the new column age is required and has no default.',
      'alpha statements warning: alpha/prisma/migrations/003_more/migration.sql:3: Nobody can write to public.users while an index is built over its 300 rows.',
      expect.stringMatching(
        /^alpha statements warning: alpha\/prisma\/migrations\/004_type\/migration.sql:2: Nobody can read or write public\.users while its 300 rows \(\S+ kB\) are written anew for mail\.$/,
      ),
    ])
  })

  test('sees who stands in the way', async () => {
    await project.db(['migrate'])
    pending('003_more', 'ALTER TABLE users ADD COLUMN age int;')
    await withClient(`${project.url('alpha')}?application_name=report`, async (client) => {
      await client.query('BEGIN; SELECT FROM users; SELECT pg_sleep(2.2)')
      const { remarks, exitCode } = await preflight('--older-than', '1s')
      expect(exitCode).toBe(0)
      expect(remarks).toEqual([
        expect.stringMatching(
          /^alpha transactions warning: The transaction of process \d+ \(report, .* has been open for \d\.\d s, idle in transaction\.$/,
        ),
        expect.stringMatching(
          /^alpha locks warning: public\.users is held by process \d+ \(report, AccessShareLock, \d\.\d s\)\.$/,
        ),
      ])
      expect((await preflight('--older-than', '1s', '--strict')).exitCode).toBe(4)
    })
  })

  test('sees what an earlier migration has left, and what somebody changed by hand', async () => {
    await project.db(['migrate'])
    await project.query(
      'alpha',
      `INSERT INTO users VALUES (1, 'x'), (2, 'x'); ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 9) NOT VALID`,
    )
    await expect(
      project.query('alpha', 'CREATE UNIQUE INDEX CONCURRENTLY users_once ON users (name)'),
    ).rejects.toThrow('could not create unique index')
    expect((await preflight('--drift')).remarks).toEqual([
      expect.stringMatching(/^alpha drift failed: The database differs from its history in 2 objects: /),
      'alpha indexes warning: The index public.users_once of public.users is INVALID.',
      'alpha constraints warning: The constraint short of public.users is not validated.',
    ])
  })

  test('sees that the role doesn’t own what is altered', async () => {
    await project.db(['migrate'])
    pending('003_more', 'ALTER TABLE users ADD COLUMN age int;')
    const { role } = await tenant.createRole('')
    await tenant.asAdmin(`ALTER TABLE users OWNER TO ${role}`, project.databaseName('alpha'))
    expect((await preflight()).remarks).toEqual([
      `alpha rights failed: "${tenant.role}" doesn't own public.users (${role}).`,
    ])
  })

  test('looks for a backup, of where the database stands', async () => {
    await project.db(['migrate'])
    pending('003_more', 'ALTER TABLE users ADD COLUMN age int;')
    const remark = async () =>
      (await project.db(['preflight', '--only', 'alpha'])).stdout
        .split('\n')
        .find((line) => line.includes(' backup '))
    expect(await remark()).toMatch(/⚠ {2}backup {8}There is no backup of it in \S+backups\.$/)
    expect((await project.db(['backup', '--only', 'alpha'])).exitCode).toBe(0)
    expect(await remark()).toMatch(/✅ backup {8}\S+ is \d+(\.\d)? m?s old$/)
    await project.db(['migrate'])
    pending('004_more', 'ALTER TABLE users ADD COLUMN size int;')
    expect(await remark()).toMatch(/was made at 001, not at 003\.$/)
  })

  test('finds a plan that is blocked, and a revision without a way back', async () => {
    await project.db(['migrate'])
    project.revision('alpha', '003_more', 'ALTER TABLE users ADD COLUMN age int;')
    project.revision('beta', '002_specs', '-- depends-on: alpha@001\nCREATE TABLE other (id int);')
    expect((await preflight()).remarks).toEqual([
      'alpha history warning: 003_more has no down.sql.',
      'beta history failed: 002_specs of beta was edited after it had been applied.',
    ])
  })
})

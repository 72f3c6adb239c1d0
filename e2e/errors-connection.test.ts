import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import type { Result } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const create = (database: string) => ({ '001_first': `CREATE TABLE ${database}_first (id int);` })

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, { alpha: create('alpha'), beta: create('beta') })
})
afterEach(() => project.dispose())

/** Migrates with these variables in the place of the right ones. */
const migrateWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Result> =>
  project.db(['migrate', ...args], { env })

/** Neither database was created: one that can't be reached keeps the other from being touched. */
async function expectNothingDone(): Promise<void> {
  const names = ['alpha', 'beta'].map((database) => `'${project.databaseName(database)}'`).join(', ')
  expect(await tenant.asAdmin(`SELECT datname FROM pg_database WHERE datname IN (${names})`)).toEqual([])
}

describe('an unusable URL', () => {
  test.each([
    ['sqlite:///srv/app.db', 'it names SQLite, and the histories are written for PostgreSQL'],
    ['file:./dev.db', 'it names SQLite'],
    ['http://SECRET@db.example.org/app', 'its scheme is "http", not "postgresql"'],
    ['mysql://app:SECRET@db.example.org/app', 'its scheme is "mysql", not "postgresql"'],
    ['db.example.org:5432/app', 'it is not a URL'],
    ['//app:SECRET@db.example.org/app', 'it is not a URL'],
    ['app:SECRET@db.example.org/app', 'it is not a URL'],
    ['postgresql://app:SECRET#1@db.example.org/app', 'it is not a URL'],
    ['postgresql://app:SECRET@db.example.org:99999/app', 'it is not a URL'],
    ['postgresql://app:SECRET%zz@db.example.org/app', 'it has a % that begins no escape'],
    ['postgresql://app:SECRET@db.example.org', 'it names no database after the host'],
    ['postgresql://app:SECRET@db.example.org/?schema=app', 'it names no database after the host'],
    ['  ', 'it is empty'],
  ])('is refused before anything is done: %s', async (pattern, problem) => {
    const secret = /[0-9a-f]{18}/.exec(tenant.password)?.[0] ?? ''
    const result = await migrateWith({ DATABASE_URL_BETA: pattern.replace('SECRET', secret) })
    expectFailure(result, {
      code: 'url.unusable',
      exitCode: 2,
      what: `DATABASE_URL_BETA can't be used: ${problem}`,
      why: 'features that only PostgreSQL has',
      fix: 'Set DATABASE_URL_BETA=postgresql://user:password@host:5432/database',
    })
    await expectNothingDone()
  })
})

describe('an unset URL', () => {
  test('in production is never made up', async () => {
    const result = await migrateWith({
      DATABASE_URL_ALPHA: '',
      DATABASE_URL_BETA: '',
      NODE_ENV: 'production',
    })
    expectFailure(result, {
      code: 'url.missing',
      exitCode: 2,
      what: 'DATABASE_URL_ALPHA and DATABASE_URL_BETA are not set.',
      why: 'With NODE_ENV=production',
      fix: 'Set DATABASE_URL_ALPHA=postgresql://… DATABASE_URL_BETA=postgresql://…',
    })
  })

  test('beside a set one is refused, unless only the set one is meant', async () => {
    expectFailure(await migrateWith({ DATABASE_URL_BETA: '' }), {
      code: 'url.incomplete',
      exitCode: 2,
      what: 'DATABASE_URL_ALPHA is set and DATABASE_URL_BETA is not.',
      why: 'The databases belong together',
      fix: 'Set DATABASE_URL_BETA too, or name the databases that you mean (--only NAME).',
    })
    await expectNothingDone()
    expect(await migrateWith({ DATABASE_URL_BETA: '' }, '--a-only')).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 001 (head)\n',
    })
  })
})

describe('a server that can’t be worked with', () => {
  test('refuses a wrong password', async () => {
    await tenant.createDatabase(project.databaseName('beta'))
    const url = new URL(project.url('beta'))
    url.password = tenant.password.length.toString()
    expectFailure(await migrateWith({ DATABASE_URL_BETA: url.href }), {
      code: 'server.wrong-password',
      exitCode: 2,
      what: `${url.host} refused the password of "${tenant.role}" for beta.`,
      why: 'User or password is wrong',
      fix: 'Correct user and password in DATABASE_URL_BETA (environment); percent-encode',
    })
    expect(await project.query('beta', `SELECT to_regclass('beta_first') AS t`)).toEqual([{ t: null }])
  })

  test('asks for a password that the URL doesn’t have', async () => {
    await tenant.createDatabase(project.databaseName('beta'))
    const url = new URL(project.url('beta'))
    url.password = ''
    expectFailure(await migrateWith({ DATABASE_URL_BETA: url.href }), {
      code: 'server.no-password',
      exitCode: 2,
      what: `${url.host} asks for the password of "${tenant.role}" for beta, and DATABASE_URL_BETA (environment) has none.`,
      why: 'The server lets this user in by password only.',
      fix: 'Write it into DATABASE_URL_BETA (environment)',
    })
  })

  test('refuses the connection: nobody listens', async () => {
    const url = new URL(project.url('beta'))
    url.host = '127.0.0.1:1'
    expectFailure(await migrateWith({ DATABASE_URL_BETA: url.href }), {
      code: 'server.refused',
      exitCode: 2,
      what: 'No PostgreSQL answers for beta at 127.0.0.1:1 (ECONNREFUSED).',
      why: 'The server is down, starting, or listens on another address',
      fix: 'Check host and port in DATABASE_URL_BETA (environment)',
    })
  })

  test('is unknown by that name', async () => {
    const url = new URL(project.url('beta'))
    url.host = 'nowhere.invalid:5432'
    expectFailure(await migrateWith({ DATABASE_URL_BETA: url.href }), {
      code: 'server.refused',
      exitCode: 2,
      what: /^No PostgreSQL answers for beta at nowhere\.invalid:5432 \((ENOTFOUND|EAI_AGAIN)\)\.$/,
      why: 'The server is down',
      fix: 'Check host and port in DATABASE_URL_BETA (environment)',
    })
  })

  test('has no connection left for the role', async () => {
    const limited = await tenant.createRole('CONNECTION LIMIT 0 CREATEDB')
    const result = await migrateWith({ DATABASE_URL_BETA: tenant.url(tenant.newName(), limited) })
    expectFailure(result, {
      code: 'server.too-many-connections',
      exitCode: 2,
      what: 'has no connection left for beta.',
      why: 'max_connections, or the limit of the role or of the database, is reached.',
      fix: 'Close idle clients or raise max_connections',
    })
  })

  test('has no connection left for the database', async () => {
    const name = project.databaseName('beta')
    await tenant.createDatabase(name)
    await tenant.asAdmin(`ALTER DATABASE ${name} CONNECTION LIMIT 0`)
    expectFailure(await migrateWith({}), {
      code: 'server.too-many-connections',
      exitCode: 2,
      what: 'has no connection left for beta.',
      why: 'the limit of the role or of the database',
      fix: 'one migration takes one connection a database',
    })
    expect((await catalogsOf(project, 'beta')).has('table public.beta_first')).toBe(false)
  })

  test.each(['DATABASE', 'ROLE'])('lets nothing be written: the %s is read-only', async (kind) => {
    const role = await tenant.createRole('')
    const name = project.databaseName('beta')
    await tenant.createDatabase(name)
    await tenant.asAdmin(`ALTER DATABASE ${name} OWNER TO ${role.role}`)
    await tenant.asAdmin(
      `ALTER ${kind} ${kind === 'ROLE' ? role.role : name} SET default_transaction_read_only = on`,
    )
    const before = await catalogsOf(project, 'beta')
    const result = await migrateWith({ DATABASE_URL_BETA: tenant.url(name, role) })
    expectFailure(result, {
      code: 'server.read-only',
      exitCode: 2,
      what: 'lets nothing be written for beta.',
      why: 'It is a standby, or default_transaction_read_only is on',
      fix: 'Name the primary in the URL',
    })
    expect(await catalogsOf(project, 'beta')).toEqual(before)
  })
})

describe('a missing right', () => {
  test('to create the database that is missing', async () => {
    const plain = await tenant.createRole('NOCREATEDB')
    const name = project.databaseName('beta')
    expectFailure(await migrateWith({ DATABASE_URL_BETA: tenant.url(name, plain) }), {
      code: 'database.create-forbidden',
      exitCode: 2,
      what: `The database for beta doesn't exist on ${new URL(tenant.url(name)).host}, and "${plain.role}" may not create it.`,
      why: 'Creating a database needs the CREATEDB right',
      fix: `ALTER ROLE "${plain.role}" CREATEDB`,
    })
    expect(await tenant.asAdmin(`SELECT 1 FROM pg_database WHERE datname = '${name}'`)).toEqual([])
  })

  test('to create in the schema leaves both databases as they were', async () => {
    const stranger = await tenant.createRole('')
    const name = project.databaseName('beta')
    await tenant.createDatabase(name)
    await tenant.asAdmin('REVOKE CREATE ON SCHEMA public FROM PUBLIC', name)
    const before = await catalogsOf(project, 'beta')
    expectFailure(await migrateWith({ DATABASE_URL_BETA: tenant.url(name, stranger) }, '--only', 'beta'), {
      code: 'server.right-missing',
      exitCode: 2,
      what: `"${stranger.role}" lacks a right on beta`,
      why: 'Migrations run as the role in the URL',
      fix: `GRANT CREATE, USAGE ON SCHEMA … TO "${stranger.role}"`,
    })
    expect(await catalogsOf(project, 'beta')).toEqual(before)
  })

  test('is not one to make schemas, where the schema is there', async () => {
    const guest = await tenant.createRole('')
    const name = project.databaseName('beta')
    await tenant.createDatabase(name)
    await tenant.asAdmin(`GRANT CREATE, USAGE ON SCHEMA public TO ${guest.role}`, name)
    const url = tenant.url(name, guest)
    expect(await migrateWith({ DATABASE_URL_BETA: url }, '--only', 'beta')).toMatchObject({
      exitCode: 0,
      stdout: '✅ beta: 001 (head)\n',
    })
  })
})

test('--json tells a failure on stdout, with its code, and nothing else', async () => {
  const { stdout, stderr, exitCode } = await migrateWith({ DATABASE_URL_BETA: 'file:./dev.db' }, '--json')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 2 })
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'url.unusable',
      what: expect.stringContaining('it names SQLite'),
      why: expect.stringContaining('only PostgreSQL has'),
      fix: expect.stringContaining('Set DATABASE_URL_BETA='),
      meta: { variable: 'DATABASE_URL_BETA' },
    },
  })
})

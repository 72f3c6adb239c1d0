import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project, variableOf } from './support/project.ts'
import { dbCommand, node, run } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const makeBoth = () => {
  project = makeProject(tenant, {
    alpha: { '001_users': 'CREATE TABLE users (id int);', '002_admins': 'CREATE TABLE admins (id int);' },
    beta: { '003_specs': '-- depends-on: alpha@001\nCREATE TABLE specs (id int);' },
  })
}

/** The command without any variable of the project's. */
const plainDb = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = project.directory,
) => run(node, [dbCommand, ...args], { cwd, env })

const exists = async (database: string) =>
  (await tenant.asAdmin(`SELECT 1 FROM pg_database WHERE datname = '${project.databaseName(database)}'`))
    .length === 1

describe('which databases', () => {
  test('all of them, in the order of their dependencies, created where they are missing', async () => {
    makeBoth()
    const first = await project.db(['migrate'])
    expect(first).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n✅ beta: 003 (head)\n' })
    for (const done of [
      'create database alpha',
      'create database beta',
      'alpha 001_users',
      'beta 003_specs',
    ]) {
      expect(first.stderr).toMatch(new RegExp(`^ +\\d+ ms {2}${done}$`, 'm'))
    }
    const again = await project.db(['migrate'])
    expect(again).toEqual({ exitCode: 0, stdout: first.stdout, stderr: 'Nothing to do.\n' })
  })

  test('one alone, by name, label or short form; the other is not even created', async () => {
    makeBoth()
    for (const args of [['--only', 'alpha'], ['--only', 'a'], ['--a-only'], ['--alpha-only']]) {
      expect(await project.db(['migrate', ...args])).toMatchObject({
        exitCode: 0,
        stdout: '✅ alpha: 002 (head)\n',
      })
    }
    expect(await exists('beta')).toBe(false)
    expect(await project.db(['migrate', '--only', 'beta,alpha'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n✅ beta: 003 (head)\n',
    })
  })

  test('one alone whose dependency isn’t applied is refused, and says what to type', async () => {
    makeBoth()
    expectFailure(await project.db(['migrate', '--b-only']), {
      code: 'plan.dependency-unmet',
      exitCode: 2,
      what: `003_specs of beta needs alpha@001, which isn't applied.`,
      why: 'Its header says `depends-on`',
      fix: 'so that the dependency comes along: pnpm db:migrate',
    })
    expect(await exists('alpha')).toBe(false)
    await project.db(['migrate', '--a-only'])
    expect(await project.db(['migrate', '--b-only'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ beta: 003 (head)\n',
    })
  })

  test('none that is missing, with --no-create', async () => {
    makeBoth()
    expectFailure(await project.db(['migrate', '--no-create']), {
      code: 'database.missing',
      exitCode: 2,
      what: `The database for alpha doesn't exist on`,
      why: 'It has not been created yet',
      fix: 'Run `pnpm db:migrate` without --no-create',
    })
    expect(await exists('alpha')).toBe(false)
    for (const database of ['alpha', 'beta']) await tenant.createDatabase(project.databaseName(database))
    expect((await project.db(['migrate', '--no-create'])).exitCode).toBe(0)
  })

  test('--json tells states and steps, and nothing besides', async () => {
    makeBoth()
    const { stdout, stderr, exitCode } = await project.db(['migrate', '--json'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(JSON.parse(stdout)).toMatchObject({
      databases: [
        {
          database: 'alpha',
          current: ['002'],
          atHead: true,
          applied: ['001_users', '002_admins'],
          pending: [],
        },
        { database: 'beta', current: ['003'], atHead: true, applied: ['003_specs'], pending: [] },
      ],
    })
    const steps: readonly Record<string, unknown>[] = JSON.parse(stdout).steps
    expect(steps.toSorted((a, b) => (String(a.revision) < String(b.revision) ? -1 : 1))).toMatchObject([
      { database: 'alpha', revision: '001_users', outcome: 'done', milliseconds: expect.any(Number) },
      { database: 'alpha', revision: '002_admins', outcome: 'done', milliseconds: expect.any(Number) },
      { database: 'beta', revision: '003_specs', outcome: 'done', milliseconds: expect.any(Number) },
    ])
  })
})

describe('where the databases are', () => {
  test('is found from any folder below the catalog', async () => {
    makeBoth()
    const below = join(project.directory, 'beta/prisma/migrations/003_specs')
    expect(await project.db(['migrate'], { cwd: below })).toMatchObject({ exitCode: 0 })
    mkdirSync(join(project.directory, 'with space/ümläut'), { recursive: true })
    expect(await project.db(['status'], { cwd: join(project.directory, 'with space/ümläut') })).toMatchObject(
      {
        exitCode: 0,
      },
    )
  })

  test('is read from .env beside the catalog, and the environment wins', async () => {
    makeBoth()
    project.write(
      '.env',
      `# local\n${variableOf('alpha')}="${project.url('alpha')}"\n${variableOf('beta')}=postgresql://127.0.0.1:1/nowhere\n`,
    )
    const env = { [variableOf('beta')]: project.url('beta') }
    expect(await plainDb(['migrate'], env, join(project.directory, 'alpha'))).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n✅ beta: 003 (head)\n',
    })
    const { stdout } = await plainDb(['config'], env)
    expect(stdout).toMatch(/^alpha .* DATABASE_URL_ALPHA \(\.env\)/m)
    expect(stdout).toMatch(/^beta .* DATABASE_URL_BETA \(environment\)/m)
    expectFailure(await plainDb(['migrate']), {
      code: 'server.refused',
      exitCode: 2,
      what: 'for beta at 127.0.0.1:1',
      why: 'The server is down',
      fix: 'DATABASE_URL_BETA (.env)',
    })
  })

  test('is composed from DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD', async () => {
    project = makeProject(tenant, { alpha: { '001_scopes': 'CREATE TABLE scopes (id int);' } })
    project.write(
      'databases.config.ts',
      `import { defineDatabases, fromParts } from '@manybase/migrator/config'
export default defineDatabases({ databases: {
  alpha: { directory: 'alpha', url: fromParts('DB_', { PORT: '15432' }) },
} })`,
    )
    const { hostname, port } = new URL(project.url('alpha'))
    const parts = {
      DB_HOST: hostname,
      DB_PORT: port || '5432',
      DB_NAME: project.databaseName('alpha'),
      DB_USER: tenant.role,
      DB_PASSWORD: tenant.password,
    }
    expect(await plainDb(['migrate'], parts)).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expectFailure(await plainDb(['migrate'], { ...parts, DB_NAME: '' }), {
      code: 'url.missing',
      exitCode: 2,
      what: 'DB_HOST/PORT/NAME/USER/PASSWORD is not set.',
      why: 'a database is never made up',
      fix: 'in the environment or in .env',
    })
    const { DB_PORT: _, ...withoutPort } = parts
    expect((await plainDb(['config'], withoutPort)).stdout).toContain(`@${hostname}:15432/`)
  })

  test('is another catalog, with --config', async () => {
    makeBoth()
    project.write(
      'services/one.config.ts',
      `import { defineDatabases, fromVariable } from '@manybase/migrator/config'
export default defineDatabases({ databases: {
  alpha: { directory: '../alpha', url: fromVariable('DATABASE_URL_ALPHA') },
} })`,
    )
    expect(await project.db(['migrate', '--config', 'services/one.config.ts'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n',
    })
  })
})

describe('two services in one database', () => {
  const withSchemas = () => {
    const shared = new URL(project.url('alpha'))
    return Object.fromEntries(
      ['alpha', 'beta'].map((database) => {
        shared.searchParams.set('schema', `${database}-Service`)
        return [variableOf(database), shared.href]
      }),
    )
  }

  test('have a schema and a ledger each, by ?schema= in their URLs', async () => {
    makeBoth()
    const env = withSchemas()
    expect(await project.db(['migrate'], { env })).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n✅ beta: 003 (head)\n',
    })
    expect(
      await project.query(
        'alpha',
        `SELECT format('%s.%s', nspname, relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
          WHERE relkind = 'r' AND nspname LIKE '%-Service' ORDER BY 1`,
      ),
    ).toEqual(
      [
        'alpha-Service._prisma_migrations',
        'alpha-Service.admins',
        'alpha-Service.users',
        'beta-Service._prisma_migrations',
        'beta-Service.specs',
      ].map((name) => ({ name })),
    )
    expect(await exists('beta')).toBe(false)
    expect((await project.db(['migrate'], { env })).stderr).toBe('Nothing to do.\n')
    expect((await project.db(['inspect', 'specs'], { env })).stdout).toContain('beta: specs')
  })

  test('whose URLs name one server by two names are told apart from two databases', async () => {
    makeBoth()
    const env = withSchemas()
    const other = new URL(env[variableOf('beta')] ?? '')
    if (other.hostname !== '127.0.0.1') return expect(other.hostname).toBe('localhost')
    other.hostname = 'localhost'
    expectFailure(await project.db(['migrate'], { env: { ...env, [variableOf('beta')]: other.href } }), {
      code: 'catalog.same-database',
      exitCode: 2,
      what: 'alpha and beta reach the same database by URLs that are written differently.',
      why: 'One lock guards a database',
      fix: 'Write host, port and database name alike in both URLs.',
    })
  })
})

test('a history without headers, with names as Prisma makes them, works as it is', async () => {
  project = makeProject(tenant, {
    alpha: { '20260101120000_init': 'CREATE TABLE a ();', '20260102090000_more': 'CREATE TABLE b ();' },
  })
  expect(await project.db(['migrate'])).toMatchObject({
    exitCode: 0,
    stdout: '✅ alpha: 20260102090000 (head)\n',
  })
  expect(await appliedIn(project, 'alpha')).toEqual(['20260101120000_init', '20260102090000_more'])
})

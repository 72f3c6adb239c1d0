import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { catalogOf, type Fleet, makeFleet } from './support/fleet.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let fleet: Fleet

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => fleet.dispose())

const make = () => {
  fleet = makeFleet(tenant, ['ada', 'bob'], { '001_a': 'CREATE TABLE a ();' })
}
const names = async (env: Readonly<Record<string, string>> = {}) => {
  const { stdout } = await fleet.db(['config', '--json'], { env })
  return JSON.parse(stdout).databases.map(
    ({ database, schema }: Record<string, string>) => `${database} ${schema}`,
  )
}

describe('a list in a file', () => {
  test('has names, comments, and members that are called as their databases', async () => {
    make()
    fleet.write(
      'tenants.txt',
      `# who pays\nada=${fleet.memberUrl('ada')}   # first\n\n${fleet.memberUrl('bob')}?schema=own\n`,
    )
    expect(await names()).toEqual(['tenants/ada public', `tenants/${fleet.memberDatabase('bob')}.own own`])
  })

  test.each([
    ['', 'list.empty', 'The list of tenants has no member (tenants.txt).'],
    ['a=URL a=OTHER', 'list.duplicate-name', 'The list of tenants has two members called "a" (tenants.txt).'],
    ['a=URL b=URL', 'list.same-database', 'In the list of tenants, a and b are the same database and schema'],
    ['a/b=URL', 'url.unusable', "tenants.txt, line 1 can't be used"],
    ['a*=URL', 'list.malformed', '"a*" is no name of letters, digits, _, . and -'],
    ['a=mysql://u:p@h/d', 'url.unusable', 'tenants/a can\'t be used: its scheme is "mysql"'],
  ])('that says %j is refused with %s', async (text, code, what) => {
    make()
    fleet.write(
      'tenants.txt',
      text.replaceAll('URL', fleet.memberUrl('ada')).replaceAll('OTHER', fleet.memberUrl('bob')),
    )
    const { stderr, exitCode } = await fleet.db(['migrate'])
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining(`[${code}]`), exitCode: 2 })
    expect(stderr).toContain(what)
  })

  test('that names one server by two names is the same database all the same', async () => {
    make()
    const other = new URL(fleet.memberUrl('ada'))
    other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
    fleet.list(['ada', `twin=${other.href}`])
    expect((await fleet.db(['status'])).stderr).toContain('[list.same-database]')
  })

  test('that is not there is said', async () => {
    make()
    fleet.remove('tenants.txt')
    expectFailure(await fleet.db(['migrate']), {
      code: 'list.unreadable',
      exitCode: 2,
      what: /The list of tenants can't be read: .*tenants\.txt \(ENOENT\)\./,
      why: 'nobody can say which databases there are',
      fix: 'correct its path in the catalog',
    })
  })

  test('may be empty where the catalog says so', async () => {
    make()
    fleet.write('databases.config.ts', catalogOf([], "fromFile('tenants.txt', { mayBeEmpty: true })"))
    fleet.list([])
    expect(await fleet.db(['migrate'])).toEqual({ stdout: '', stderr: 'Nothing to do.\n', exitCode: 0 })
  })
})

test('a list in a variable reads like a file, and counts as unset when it is', async () => {
  make()
  fleet.write('databases.config.ts', catalogOf([], "fromVariableList('TENANT_URLS')"))
  const TENANT_URLS = `ada=${fleet.memberUrl('ada')} bob=${fleet.memberUrl('bob')}`
  expect(await names({ TENANT_URLS })).toEqual(['tenants/ada public', 'tenants/bob public'])
  expect((await fleet.db(['migrate'], { env: { TENANT_URLS } })).stdout).toBe(
    '✅ tenants: 001 (head), 2 of 2\n',
  )
  expectFailure(await fleet.db(['migrate']), {
    code: 'url.missing',
    exitCode: 2,
    what: 'TENANT_URLS is not set.',
    why: 'a database is never made up',
    fix: 'TENANT_URLS=postgresql://',
  })
})

describe('a list from a query', () => {
  const control = { '001_tenants': 'CREATE TABLE tenants (name text, url text, database text, schema text);' }
  const withQuery = (sql: string) => {
    fleet = makeFleet(tenant, ['ada', 'bob'], { '001_a': 'CREATE TABLE a ();' }, { control })
    fleet.write(
      'databases.config.ts',
      catalogOf(['control'], `fromQuery({ database: 'control', sql: \`${sql}\` })`),
    )
  }

  test('has the URLs of its rows, or the databases and schemas on the server that is asked', async () => {
    withQuery('SELECT name, url, database, schema FROM tenants ORDER BY name')
    await fleet.db(['migrate', '--only', 'control'])
    await fleet.query(
      'control',
      `INSERT INTO tenants VALUES ('ada', '${fleet.memberUrl('ada')}', NULL, NULL),
        ('bob', NULL, '${fleet.memberDatabase('bob')}', NULL), ('cyd', NULL, NULL, 'cyd'), ('dan', NULL, NULL, 'dan')`,
    )
    expect((await fleet.db(['migrate'])).stdout).toBe(
      '✅ control: 001 (head)\n✅ tenants: 001 (head), 4 of 4\n',
    )
    expect(await fleet.applied('bob')).toEqual(['001_a'])
    expect(
      await fleet.query('control', "SELECT schemaname FROM pg_tables WHERE tablename = 'a' ORDER BY 1"),
    ).toEqual([{ schemaname: 'cyd' }, { schemaname: 'dan' }])
  })

  test('whose table comes with a migration is told to wait for it', async () => {
    withQuery('SELECT name, url FROM tenants')
    await fleet.db(['migrate', '--only', 'control'])
    await fleet.query('control', 'DROP TABLE tenants')
    expectFailure(await fleet.db(['migrate']), {
      code: 'list.query-failed',
      exitCode: 2,
      what: 'The query for the list of tenants failed: relation "tenants" does not exist.',
      why: "control is asked which databases there are, in a transaction that can't write.",
      fix: 'pnpm db:migrate --only control',
    })
  })

  test.each([
    ['DELETE FROM tenants RETURNING name, url', 'list.query-failed', 'read-only transaction'],
    ["SELECT 1 AS name, 'x' AS url", 'list.malformed', 'it has no text in the column "name"'],
    [
      "SELECT 'a' AS name",
      'list.malformed',
      'it has no text in any of the columns "url", "database" and "schema"',
    ],
  ])('%j is refused', async (sql, code, what) => {
    withQuery(sql)
    await fleet.db(['migrate', '--only', 'control'])
    const { stderr, exitCode } = await fleet.db(['status'])
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining(`[${code}]`), exitCode: 2 })
    expect(stderr).toContain(what)
  })

  test('of a server that is not there says whose list it is', async () => {
    withQuery('SELECT name, url FROM tenants')
    const url = new URL(fleet.url('control'))
    url.port = '1'
    expectFailure(
      await fleet.db(['status', '--only', 'tenants'], { env: { DATABASE_URL_CONTROL: url.href } }),
      {
        code: 'server.refused',
        exitCode: 2,
        what: 'No PostgreSQL answers for tenants at',
        why: 'The server is down',
        fix: 'control',
      },
    )
  })
})

describe('a catalog', () => {
  test.each([
    [
      "fromQuery({ database: 'nowhere', sql: '' })",
      "tenants asks a database for its list that isn't one of the catalog",
    ],
    ["fromFile('tenants.txt'), url: fromVariable('X')", 'tenants has both url and urls'],
  ])('with %s is refused', async (source, problem) => {
    make()
    fleet.write('databases.config.ts', catalogOf([], source))
    const { stderr, exitCode } = await fleet.db(['config'])
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('[config.invalid]'), exitCode: 2 })
    expect(stderr).toContain(problem)
  })
})

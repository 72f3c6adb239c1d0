import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { expectPsql, runInPsql } from './support/psql.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
  expectPsql()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const makeHistories = async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_users': `-- Users.
CREATE TABLE users (id int PRIMARY KEY, note text DEFAULT 'a;b \\ c');
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; -- the end`,
      '002_index': '-- transaction: none\nCREATE INDEX CONCURRENTLY users_note ON users (note);',
    },
    beta: {
      '003_specs': '-- depends-on: alpha@001\nCREATE TABLE specs (id int);',
      '004_more': '-- depends-on: alpha@002\nCREATE TABLE more (id int) -- no semicolon',
    },
  })
  const down = (database: string, name: string, script: string) =>
    project.write(`${database}/prisma/migrations/${name}/down.sql`, script)
  down('alpha', '001_users', 'DROP FUNCTION one(); DROP TABLE users;')
  down('alpha', '002_index', 'DROP INDEX CONCURRENTLY users_note;')
  down('beta', '003_specs', 'DROP TABLE specs')
  down('beta', '004_more', 'DROP TABLE more')
  for (const database of ['alpha', 'beta']) await tenant.createDatabase(project.databaseName(database))
}

const psql = (script: string) => runInPsql(project, 'alpha', script)

const written = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await project.db(args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout
}

const stepsOf = async (...args: string[]): Promise<string[]> =>
  [...(await written(...args, '--sql')).matchAll(/^\\echo '(.*)'$/gm)].map(([, step = '']) => step)

const applied = async () => [await appliedIn(project, 'alpha'), await appliedIn(project, 'beta')]

describe('a script for psql', () => {
  test('goes from base to head over all databases, and leaves what an upgrade leaves', async () => {
    await makeHistories()
    expect(await psql(await written('upgrade', '--sql'))).toMatchObject({ exitCode: 0 })
    expect(await applied()).toEqual([
      ['001_users', '002_index'],
      ['003_specs', '004_more'],
    ])
    const [bySql, status] = [await catalogsOf(project, 'alpha'), await project.db(['status', '--json'])]
    expect(JSON.parse(status.stdout).databases).toMatchObject([{ atHead: true }, { atHead: true }])
    expect((await project.db(['migrate'])).stderr).toContain('Nothing to do.')
    expect((await project.db(['downgrade', 'alpha@base', '--cascade', '--yes'])).exitCode).toBe(0)
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await catalogsOf(project, 'alpha')).toEqual(bySql)
  })

  test('goes along a range, both ways', async () => {
    await makeHistories()
    expect((await project.db(['upgrade', '001'])).exitCode).toBe(0)
    expect(await psql(await written('upgrade', '001:004', '--sql'))).toMatchObject({ exitCode: 0 })
    expect(await applied()).toEqual([
      ['001_users', '002_index'],
      ['003_specs', '004_more'],
    ])
    const back = await written('downgrade', '004:003', '--sql')
    expect(await psql(back)).toMatchObject({ exitCode: 0 })
    expect(await applied()).toEqual([['001_users', '002_index'], ['003_specs']])
    expect(
      await project.query(
        'beta',
        'SELECT migration_name AS name, rolled_back_at IS NULL AS stands FROM _prisma_migrations ORDER BY 1',
      ),
    ).toEqual([
      { name: '003_specs', stands: true },
      { name: '004_more', stands: false },
    ])
  })

  test('stops where the ledger is not at its beginning, before it has done anything', async () => {
    await makeHistories()
    const script = await written('upgrade', '--sql')
    expect((await project.db(['upgrade', '001'])).exitCode).toBe(0)
    const stopped = await psql(script)
    expect(stopped.exitCode).toBe(3)
    expect(stopped.stderr).toContain('alpha is not where this script begins')
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])
  })

  test('stops at an error, with the step undone and what was before it kept', async () => {
    await makeHistories()
    project.revision('beta', '005_fails', 'CREATE TABLE half (a int); SELECT 1 / 0;')
    const stopped = await psql(await written('upgrade', '--sql'))
    expect(stopped.exitCode).toBe(3)
    expect(await appliedIn(project, 'beta')).toEqual(['003_specs', '004_more'])
    expect(await project.query('beta', "SELECT to_regclass('half') AS half")).toEqual([{ half: null }])
  })

  test('is written without a server, and without a password', async () => {
    await makeHistories()
    const nowhere = new URL(project.url('alpha'))
    nowhere.port = '1'
    const env = { DATABASE_URL_ALPHA: nowhere.href, DATABASE_URL_BETA: project.url('beta') }
    const { exitCode, stdout } = await project.db(['upgrade', '--sql'], { env })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^\\set ON_ERROR_STOP on\n/)
    expect(stdout).toContain(
      `\\connect -reuse-previous=on "host=${nowhere.hostname} port=1 user=${tenant.role}`,
    )
    const unset = await project.db(['upgrade', '001', '--sql'], {
      env: { DATABASE_URL_ALPHA: '', DATABASE_URL_BETA: '' },
    })
    expect(unset).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('\\connect "alpha"') })
  })

  test('counts steps from where a range starts, and refuses one that leads the other way', async () => {
    await makeHistories()
    expect(await stepsOf('upgrade', '001:+1')).toEqual(['upgrade alpha 002_index'])
    expect(await stepsOf('downgrade', '002:-1')).toEqual(['downgrade alpha 002_index'])
    expectFailure(await project.db(['upgrade', '002:001', '--sql']), {
      code: 'plan.range-apart',
      exitCode: 2,
      what: 'No way leads from "002" to "001"',
      why: 'A range goes up',
      fix: 'pnpm db history',
    })
    expectFailure(await project.db(['upgrade', '001:002']), {
      code: 'target.is-range',
      exitCode: 2,
      what: '"001:002" is a range',
      why: 'with --sql',
      fix: '002',
    })
  })

  test('needs to be told where a downgrade starts', async () => {
    await makeHistories()
    expectFailure(await project.db(['downgrade', '003', '--sql']), {
      code: 'target.range-missing',
      exitCode: 2,
      what: 'where it starts',
      why: 'without a server',
      fix: 'downgrade --sql 005:003',
    })
  })
})

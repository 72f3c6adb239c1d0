import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { dbCommand, node, run } from './support/run.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const down = (database: string, name: string, script: string) =>
  project.write(`${database}/prisma/migrations/${name}/down.sql`, script)

const atHead = async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_users': 'CREATE TABLE users (id int PRIMARY KEY);',
      '002_names': 'ALTER TABLE users ADD name text;',
    },
    beta: { '003_specs': '-- depends-on: alpha@002\nCREATE TABLE specs (id int PRIMARY KEY);' },
  })
  down('alpha', '001_users', 'DROP TABLE users;')
  down('alpha', '002_names', 'ALTER TABLE users DROP COLUMN name;')
  down('beta', '003_specs', 'DROP TABLE specs;')
  expect((await project.db(['migrate'])).exitCode).toBe(0)
}

describe('db downgrade', () => {
  test('says what will be lost, and asks; without a terminal it takes --yes', async () => {
    await atHead()
    await project.query(
      'alpha',
      "INSERT INTO users SELECT i, CASE WHEN i > 2 THEN 'x' END FROM generate_series(1, 5) i",
    )
    await project.query('beta', 'INSERT INTO specs VALUES (1)')
    const asked = await project.db(['downgrade', 'alpha@-1', '--cascade'])
    expectFailure(asked, {
      code: 'answer.missing',
      exitCode: 2,
      what: /Undo beta@003, alpha@002, and lose/,
      why: 'loses data',
      fix: '--yes',
    })
    expect(asked.stderr).toContain('column users.name of alpha (3 values)')
    expect(asked.stderr).toContain('table specs of beta (1 row)')
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users', '002_names'])
    expect(await project.db(['downgrade', 'alpha@-1', '--cascade', '--yes'])).toMatchObject({
      exitCode: 0,
      stdout: '❌ alpha: 001 (1 behind 002)\n❌ beta: base (1 behind 003)\n',
    })
  })

  test('says that code may delete more than anybody can read', async () => {
    await atHead()
    down(
      'beta',
      '003_specs',
      `DO $$ BEGIN DELETE FROM specs; END $$; SELECT beta_purge(), now(); CALL beta_sweep(); DROP TABLE specs;`,
    )
    await project.query(
      'beta',
      `CREATE FUNCTION beta_purge() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE PROCEDURE beta_sweep() LANGUAGE sql AS 'SELECT 1'`,
    )
    const { stderr } = await project.db(['downgrade', 'beta@-1'])
    for (const code of ['a DO block', 'beta_purge()', 'beta_sweep()']) {
      expect(stderr).toContain(
        `whatever ${code} in 003_specs of beta deletes: it may be more than is named here`,
      )
    }
    expect(stderr).not.toContain('now()')
  })

  test('takes no for an answer, on a terminal', async () => {
    await atHead()
    const command = [node, dbCommand, 'downgrade', 'beta@-1'].map((word) => `'${word}'`).join(' ')
    const answered = await run(
      'sh',
      ['-c', `(sleep 3; printf 'n\\r'; sleep 1) | script -qec "${command}" /dev/null`],
      {
        cwd: project.directory,
        env: project.env,
      },
    )
    expect(answered.stdout).toContain('Undo beta@003, and lose table specs of beta (0 rows)?')
    expect(answered.exitCode).toBe(3)
    expect(await appliedIn(project, 'beta')).toEqual(['003_specs'])
  })

  test('says "about" of what it can’t count at once', async () => {
    await atHead()
    await project.query('beta', 'INSERT INTO specs SELECT generate_series(1, 500); ANALYZE specs')
    await withClient(project.url('beta'), async (client) => {
      await client.query('BEGIN; LOCK TABLE specs')
      expect((await project.db(['downgrade', 'beta@-1'])).stderr).toContain(
        'table specs of beta (about 500 rows)',
      )
    })
  })

  test('refuses to undo what another database depends on', async () => {
    await atHead()
    expectFailure(await project.db(['downgrade', '001', '--yes']), {
      code: 'plan.dependent-applied',
      exitCode: 2,
      what: "002_names of alpha can't be undone: beta@003 needs it.",
      why: 'depends-on',
      fix: '--cascade',
    })
  })

  test('refuses it of a selected database alone as well', async () => {
    await atHead()
    expect((await project.db(['downgrade', '--alpha-only', 'base', '--yes'])).stderr).toContain(
      'beta@003 needs it',
    )
  })

  test('leaves no trace, keeps the whole story, and can be gone up from again', async () => {
    await atHead()
    await project.db(['downgrade', 'beta@base', '--yes'])
    await project.db(['downgrade', 'alpha@base', '--yes'])
    const empty = await catalogsOf(project, 'alpha')
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect((await project.db(['downgrade', 'alpha@base', '--cascade', '--yes'])).exitCode).toBe(0)
    expect(await catalogsOf(project, 'alpha')).toEqual(empty)
    expect(
      await project.query(
        'alpha',
        'SELECT count(*)::int AS rows, count(rolled_back_at)::int AS undone FROM _prisma_migrations',
      ),
    ).toEqual([{ rows: 4, undone: 4 }])
  })

  test('takes a bare step back where one database is selected', async () => {
    await atHead()
    expect((await project.db(['downgrade', '--yes'])).stderr).toContain('plan.relative-unscoped')
    expect((await project.db(['downgrade', '-1', '--beta-only', '--yes'])).exitCode).toBe(0)
    expect(await appliedIn(project, 'beta')).toEqual([])
  })

  test('is not begun when a script is missing on the way', async () => {
    await atHead()
    project.remove('alpha/prisma/migrations/001_users/down.sql')
    expectFailure(await project.db(['downgrade', 'alpha@base', '--cascade', '--yes']), {
      code: 'migration.down-missing',
      exitCode: 2,
      what: "001_users of alpha can't be undone",
      why: "001_users/down.sql doesn't exist",
      fix: 'Write the script',
    })
    expect(await appliedIn(project, 'beta')).toEqual(['003_specs'])
  })

  test('that fails leaves the revision applied', async () => {
    await atHead()
    down('beta', '003_specs', 'DROP TABLE specs; SELECT 1 / 0;')
    const failed = await project.db(['downgrade', 'beta@-1', '--yes'])
    expectFailure(failed, {
      code: 'migration.failed',
      exitCode: 5,
      what: 'division by zero',
      why: 'down.sql',
      fix: 'Nothing of it is done.',
    })
    expect(await appliedIn(project, 'beta')).toEqual(['003_specs'])
    expect(await project.query('beta', 'SELECT * FROM specs')).toEqual([])
  })

  test('prints its plan, and touches nothing', async () => {
    await atHead()
    const plan = await project.db(['downgrade', 'beta@-1', '--plan'])
    expect(plan).toMatchObject({ exitCode: 0 })
    expect(plan.stdout).toMatch(
      /-- downgrade beta 003_specs\n[\s\S]*BEGIN;[\s\S]*DROP TABLE specs;[\s\S]*COMMIT;/,
    )
    expect(await appliedIn(project, 'beta')).toEqual(['003_specs'])
  })
})

describe('a down.sql without a transaction', () => {
  test('is gone on with where it stopped', async () => {
    project = makeProject(tenant, {
      alpha: {
        '001_t': 'CREATE TABLE t (a int, b int); CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b);',
      },
    })
    const begin = '-- transaction: none\nDROP INDEX CONCURRENTLY t_a;\n'
    down('alpha', '001_t', `${begin}SELECT 1 / 0;\nDROP TABLE t;`)
    await project.db(['migrate'])
    expectFailure(await project.db(['downgrade', '-1', '--yes']), {
      code: 'migration.failed',
      exitCode: 5,
      what: 'division by zero',
      why: '22012',
      fix: 'its first statement is done',
    })
    expect((await project.db(['status'])).stdout).toContain('half-undone')
    expectFailure(await project.db(['migrate']), {
      code: 'plan.half-undone',
      exitCode: 2,
      what: '001_t is undone on alpha in part',
      why: 'without a transaction',
      fix: 'pnpm db downgrade alpha@-1',
    })
    down('alpha', '001_t', `${begin}SELECT 1;\nDROP TABLE t;`)
    expect((await project.db(['downgrade', '-1', '--yes'])).exitCode).toBe(0)
    expect(await project.query('alpha', "SELECT to_regclass('t') AS t")).toEqual([{ t: null }])
    expect(await appliedIn(project, 'alpha')).toEqual([])
    expect((await project.db(['migrate'])).exitCode).toBe(0)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project, type Scripts } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const makeAlpha = (scripts: Scripts) => {
  project = makeProject(tenant, { alpha: scripts })
}

const relations = async () =>
  (
    await project.query(
      'alpha',
      `SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND relname !~ '^_prisma_migrations' ORDER BY 1`,
    )
  ).map(({ relname }) => String(relname))

describe('scripts that PostgreSQL refuses inside a transaction', () => {
  test('run without one: CREATE INDEX CONCURRENTLY alone in its file', async () => {
    makeAlpha({
      '001_table': 'CREATE TABLE t (a int);',
      '002_index': '-- Rows are many.\nCREATE INDEX CONCURRENTLY t_a ON t (a);\n',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(await relations()).toEqual(['t', 't_a'])
    expect(await appliedIn(project, 'alpha')).toEqual(['001_table', '002_index'])
  })

  test('run statement by statement among others, when the header asks for it', async () => {
    makeAlpha({
      '001_mixed': `-- transaction: none
CREATE TABLE t (a int, b text DEFAULT 'semi;colon');
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE INDEX CONCURRENTLY t_a ON t (a);
INSERT INTO t SELECT 1;`,
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expect(await relations()).toEqual(['t', 't_a'])
    expect(await project.query('alpha', 'SELECT b, f() FROM t')).toEqual([{ b: 'semi;colon', f: 1 }])
  })

  test('run so without that header too, since PostgreSQL demands it and nothing was done before', async () => {
    makeAlpha({
      '001_mixed': 'CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY t_a ON t (a);',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expect(await relations()).toEqual(['t', 't_a'])
  })

  test('that stop in the middle say how far they came, and are gone on with once their rest is mended', async () => {
    const begin = '-- transaction: none\nCREATE TABLE t (a int);\n'
    makeAlpha({ '001_half': `${begin}SELECT 1 / 0;\nCREATE TABLE u (a int);` })
    for (const attempt of [1, 2]) {
      expectFailure(await project.db(['migrate']), {
        code: 'migration.failed',
        exitCode: 5,
        what: '001_half failed on alpha: division by zero',
        why: 'SQLSTATE 22012',
        fix: 'its first statement is done, and the next run goes on after that',
      })
      expect({ attempt, relations: await relations() }).toEqual({ attempt, relations: ['t'] })
    }
    expect((await project.db(['status'])).stdout).toContain('half-applied')
    project.revision('alpha', '001_half', `${begin}SELECT 1 / 1;\nCREATE TABLE u (a int);`)
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expect(await relations()).toEqual(['t', 'u'])
    expect(await appliedIn(project, 'alpha')).toEqual(['001_half'])
    expect((await project.db(['migrate'])).stderr).toContain('Nothing to do.')
  })

  test('block the next run when what was run of them is edited', async () => {
    makeAlpha({ '001_half': '-- transaction: none\nCREATE TABLE t (a int);\nSELECT 1 / 0;' })
    expect((await project.db(['migrate'])).exitCode).toBe(5)
    project.revision('alpha', '001_half', '-- transaction: none\nCREATE TABLE t (b int);\nSELECT 1;')
    expectFailure(await project.db(['migrate']), {
      code: 'plan.unfinished',
      exitCode: 2,
      what: '001_half was started on alpha and never finished',
      why: 'division by zero',
      fix: 'prisma migrate resolve --rolled-back 001_half',
    })
  })
})

describe('what a script sets', () => {
  test('for its session is undone before the ledger and the next script', async () => {
    makeAlpha({
      '001_dump': `SELECT pg_catalog.set_config('search_path', '', false);
SET client_min_messages = warning;
CREATE TABLE public.t (a int);`,
      '002_next': 'CREATE TABLE u (a int);',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(await relations()).toEqual(['t', 'u'])
  })

  test('as its role ends with it', async () => {
    const { role } = await tenant.createRole('')
    await tenant.asAdmin(`GRANT ${role} TO ${tenant.role}`)
    makeAlpha({
      '001_role': `CREATE SCHEMA theirs AUTHORIZATION ${role}; SET ROLE ${role}; CREATE TABLE theirs.t (a int);`,
      '002_next': 'CREATE TABLE u (a int);',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(
      await project.query(
        'alpha',
        `SELECT relname, relowner::regrole::text AS owner FROM pg_class WHERE relname IN ('t', 'u') ORDER BY 1`,
      ),
    ).toEqual([
      { relname: 't', owner: role },
      { relname: 'u', owner: tenant.role },
    ])
  })
})

describe('a script with its own transactions', () => {
  test('is applied once, and the server’s warnings are passed on', async () => {
    makeAlpha({ '001_own': 'BEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\n', '002_next': 'CREATE TABLE u ();' })
    const first = await project.db(['migrate'])
    expect(first).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(first.stderr).toContain('WARNING 001_own: there is already a transaction in progress')
    expect((await project.db(['migrate'])).stderr).toContain('Nothing to do.')
    expect(await appliedIn(project, 'alpha')).toEqual(['001_own', '002_next'])
  })

  test('that rolls back and goes on is in the ledger all the same', async () => {
    makeAlpha({ '001_own': 'CREATE TABLE t (a int);\nROLLBACK;\nCREATE TABLE u (a int);' })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expect(await relations()).toEqual(['u'])
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await appliedIn(project, 'alpha')).toEqual(['001_own'])
  })

  test('that leaves one open is applied with it', async () => {
    makeAlpha({ '001_own': 'ROLLBACK;\nBEGIN;\nCREATE TABLE t (a int);' })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
    expect(await relations()).toEqual(['t'])
    expect(await appliedIn(project, 'alpha')).toEqual(['001_own'])
  })

  test.each([
    ['COMMIT', 'CREATE TABLE t (a int);\nCOMMIT;\nSELECT 1 / 0;'],
    ['second BEGIN', 'CREATE TABLE t (a int);\nCOMMIT;\nBEGIN;\nCREATE TABLE u ();\nSELECT 1 / 0;'],
    ['ROLLBACK', 'ROLLBACK;\nCREATE TABLE t (a int);\nCOMMIT;\nSELECT 1 / 0;'],
  ])('that fails after its %s does not claim that nothing is done', async (_, script) => {
    makeAlpha({ '001_own': script })
    const failed = await project.db(['migrate'])
    expectFailure(failed, {
      code: 'migration.failed',
      exitCode: 5,
      what: 'division by zero',
      why: 'SQLSTATE 22012',
      fix: 'a part of it may be done; the ledger then has it as unfinished',
    })
    expect(await relations()).toEqual(['t'])
    expectFailure(await project.db(['migrate']), {
      code: 'plan.unfinished',
      exitCode: 2,
      what: '001_own was started on alpha and never finished',
      why: 'division by zero',
      fix: 'prisma migrate resolve --rolled-back 001_own',
    })
  })
})

test('NOTICE, WARNING and more of the server go to stderr, never to stdout', async () => {
  makeAlpha({
    '001_talk': `DO $$ BEGIN
  RAISE NOTICE 'three rows, one of them odd'; RAISE WARNING 'odd row kept';
END $$;
DROP TABLE IF EXISTS nowhere;`,
  })
  const result = await project.db(['migrate'])
  expect(result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
  expect(result.stderr).toContain('NOTICE 001_talk: three rows, one of them odd')
  expect(result.stderr).toContain('WARNING 001_talk: odd row kept')
  expect(result.stderr).toContain('NOTICE 001_talk: table "nowhere" does not exist, skipping')
  await project.query('alpha', 'DELETE FROM _prisma_migrations')
  expect(await project.db(['migrate', '--json'])).toMatchObject({ exitCode: 0, stderr: '' })
})

test('a script of several megabytes is applied whole', async () => {
  const row = `('${'x'.repeat(1000)}')`
  makeAlpha({
    '001_large': `CREATE TABLE t (a text);\n${`INSERT INTO t VALUES ${Array(100).fill(row).join(',')};\n`.repeat(50)}`,
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
  expect(await project.query('alpha', 'SELECT count(*)::int FROM t')).toEqual([{ count: 5000 }])
})

describe('line ends of Windows', () => {
  test('are read in headers as well as in SQL', async () => {
    makeAlpha({
      '001_table': '-- A table.\r\n-- transaction: none\r\n\r\nCREATE TABLE t (a int);\r\n',
      '002_index':
        '-- An index.\r\n-- revises: 001\r\n-- transaction: none\r\nCREATE TABLE u (a int);\r\nCREATE INDEX CONCURRENTLY t_a ON t (a);\r\n',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(await relations()).toEqual(['t', 't_a', 'u'])
  })

  test('make no applied script divergent, whichever way they changed', async () => {
    makeAlpha({ '001_unix': 'SELECT 1;\nSELECT 2;\n', '002_windows': 'SELECT 1;\r\nSELECT 2;\r\n' })
    await project.db(['migrate'])
    project.revision('alpha', '001_unix', 'SELECT 1;\r\nSELECT 2;\r\n')
    project.revision('alpha', '002_windows', 'SELECT 1;\nSELECT 2;\n')
    expect(await project.db(['migrate', '--check-status'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n',
    })
  })
})

test('a migration that fails leaves the database as before it, keeps its predecessors, and is gone on from', async () => {
  makeAlpha({
    '001_first': 'CREATE TABLE first (id int PRIMARY KEY);',
    '002_second': `CREATE TABLE second (id int PRIMARY KEY, at timestamptz DEFAULT now());
CREATE TYPE mood AS ENUM ('fine');
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE first ADD COLUMN note text;
COMMENT ON TABLE first IS 'changed';
INSERT INTO missing VALUES (1);`,
    '003_third': 'CREATE TABLE third (id int);',
  })
  await project.db(['migrate'])
  const before = await catalogsOf(project, 'alpha')
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first'])

  const failed = await project.db(['migrate'])
  expectFailure(failed, {
    code: 'migration.failed',
    exitCode: 5,
    what: '002_second failed on alpha: relation "missing" does not exist',
    why: `SQLSTATE 42P01 at alpha/prisma/migrations/002_second/migration.sql:6:13`,
    fix: 'Nothing of it is done.',
  })
  expect(failed.stderr).toContain('❌ alpha: 001 (2 behind 003)')
  expect(await catalogsOf(project, 'alpha')).toEqual(before)
  expect(await project.query('alpha', 'SELECT migration_name FROM _prisma_migrations')).toHaveLength(1)

  project.revision('alpha', '002_second', 'CREATE TABLE second (id int PRIMARY KEY);')
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first', '002_second', '003_third'])
})

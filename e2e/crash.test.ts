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

const down = (database: string, name: string, script: string) =>
  project.write(`${database}/prisma/migrations/${name}/down.sql`, script)

/** Steps of every kind, each a little slow, so that a kill finds them under way. */
const slowHistory = () => {
  project = makeProject(tenant, {
    alpha: {
      '001_t':
        'CREATE TABLE t (a int, b int); INSERT INTO t SELECT i, i FROM generate_series(1, 1000) i; SELECT pg_sleep(0.05);',
      '002_by_statement': `-- transaction: none
INSERT INTO t VALUES (-1, -1);
CREATE INDEX CONCURRENTLY t_a ON t (a);
SELECT pg_sleep(0.05);
CREATE TABLE counted (n int);
INSERT INTO counted SELECT count(*) FROM t;
CREATE INDEX CONCURRENTLY ON t (b) WHERE b > 0;
BEGIN;
INSERT INTO t VALUES (-2, -2);
SELECT pg_sleep(0.05);
COMMIT;
DROP INDEX CONCURRENTLY t_a;`,
      '003_u': 'CREATE TABLE u (a int); SELECT pg_sleep(0.05); INSERT INTO u VALUES (1);',
      '004_index': 'CREATE UNIQUE INDEX CONCURRENTLY t_b ON t (b);',
    },
  })
  down('alpha', '001_t', 'DROP TABLE t; SELECT pg_sleep(0.05);')
  down(
    'alpha',
    '002_by_statement',
    `-- transaction: none
CREATE INDEX CONCURRENTLY t_a ON t (a);
DELETE FROM t WHERE a < 0;
DROP INDEX CONCURRENTLY t_a;
SELECT pg_sleep(0.05);
DROP INDEX CONCURRENTLY t_b_idx;
DROP TABLE counted;`,
  )
  down('alpha', '003_u', 'DROP TABLE u; SELECT pg_sleep(0.05);')
  down('alpha', '004_index', 'DROP INDEX CONCURRENTLY t_b;')
}

/** How far it is, for telling whether a kill found work under way. */
const position = async () =>
  JSON.stringify(
    await project
      .query(
        'alpha',
        `SELECT migration_name, finished_at IS NULL, rolled_back_at IS NULL, applied_steps_count
           FROM _prisma_migrations ORDER BY started_at, migration_name`,
      )
      .catch(() => []),
  )

/** Runs a command and kills it, again and again, until it ends by itself. Returns how many kills found it at work. */
async function killUntilDone(args: readonly string[]): Promise<number> {
  const start = performance.now()
  await project.db(['status'])
  const startUp = performance.now() - start
  let hits = 0
  for (let before = await position(); ; ) {
    const { child, result } = project.startDb(args)
    // Most of the time goes by before the first step; the steps take some 50 ms each.
    const timer = setTimeout(() => child.kill('SIGKILL'), startUp * 0.8 + Math.random() * 250)
    const { exitCode, stderr } = await result
    clearTimeout(timer)
    const after = await position()
    if (exitCode !== undefined) {
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
      return hits
    }
    if (after !== before) hits += 1
    before = after
  }
}

const rows = () =>
  project.query(
    'alpha',
    'SELECT (SELECT count(*)::int FROM t) AS t, (SELECT array_agg(n) FROM counted) AS counted',
  )

describe('kill -9', () => {
  test('at any point of an upgrade and a downgrade: the next run ends right, and nothing is done twice', async () => {
    slowHistory()
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    const [clean, cleanRows] = [await catalogsOf(project, 'alpha'), await rows()]
    expect((await project.db(['downgrade', 'base', '--yes'])).exitCode).toBe(0)
    const cleanBase = await catalogsOf(project, 'alpha')

    let hits = 0
    for (let round = 0; round < 4; round++) {
      hits += await killUntilDone(['migrate', '--no-log'])
      expect(await catalogsOf(project, 'alpha')).toEqual(clean)
      expect(await rows()).toEqual(cleanRows)
      expect(await appliedIn(project, 'alpha')).toEqual(['001_t', '002_by_statement', '003_u', '004_index'])
      hits += await killUntilDone(['downgrade', 'base', '--yes', '--no-log'])
      expect(await catalogsOf(project, 'alpha')).toEqual(cleanBase)
      expect(await appliedIn(project, 'alpha')).toEqual([])
    }
    expect(hits).toBeGreaterThan(8)
  }, 400_000)
})

test('a downgrade in two runs keeps the time at which the revision was applied', async () => {
  project = makeProject(tenant, { alpha: { '001_t': 'CREATE TABLE t (a int); CREATE TABLE u (a int);' } })
  down('alpha', '001_t', '-- transaction: none\nDROP TABLE t;\nDROP TABLE missing;\n')
  await project.db(['migrate'])
  // In milliseconds, which is what a date of JavaScript holds.
  const finished = () =>
    project.query(
      'alpha',
      "SELECT date_trunc('milliseconds', finished_at)::text AS at FROM _prisma_migrations",
    )
  const [applied] = await finished()
  expect(await project.db(['downgrade', 'base', '--yes'])).toMatchObject({ exitCode: 5 })
  expect(await finished()).toEqual([{ at: null }])
  down('alpha', '001_t', '-- transaction: none\nDROP TABLE t;\nDROP TABLE u;\n')
  expect(await project.db(['downgrade', 'base', '--yes'])).toMatchObject({ exitCode: 0 })
  expect(applied).toEqual({ at: expect.any(String) })
  expect(await finished()).toEqual([applied])
})

/** As a run leaves it that is killed between a statement and its position. */
const forgetPosition = (name: string) =>
  project.query(
    'alpha',
    `UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0,
       logs = 'applied statement by statement; applied_steps_count are through, the first 0 characters (SHA-256 '
              || encode(sha256(''), 'hex') || ')' WHERE migration_name = '${name}'`,
  )

const indexes = () =>
  project.query(
    'alpha',
    `SELECT indexrelid::regclass::text AS name, indisvalid AS valid, indexrelid::int AS oid
       FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1`,
  )

describe('an index that was under way', () => {
  const withIndex = async (script: string, table = 'CREATE TABLE t (a int, "B c" text);') => {
    project = makeProject(tenant, { alpha: { '001_t': table } })
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    project.revision('alpha', '002_index', script)
  }

  test.each([
    ['with a name', 'CREATE INDEX CONCURRENTLY t_a ON t (a)'],
    ['without a name', 'CREATE INDEX CONCURRENTLY ON t (lower("B c") text_pattern_ops, a DESC) WHERE a > 1'],
  ])('%s and was finished is taken for done', async (_, script) => {
    await withIndex(script)
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    const before = await indexes()
    await forgetPosition('002_index')
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await indexes()).toEqual(before)
  })

  test('and was left INVALID is dropped and built again, when its definition is the same', async () => {
    await withIndex('CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)')
    await project.query('alpha', 'INSERT INTO t VALUES (1), (1)')
    expectFailure(await project.db(['migrate']), {
      code: 'migration.failed',
      exitCode: 5,
      what: 'could not create unique index "t_a"',
      why: '23505',
      fix: 'is built again by the next run',
    })
    const [invalid] = await indexes()
    expect(invalid).toMatchObject({ name: 't_a', valid: false })
    await project.query('alpha', 'DELETE FROM t')
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    const [valid, ...others] = await indexes()
    expect({ valid, others }).toMatchObject({ valid: { name: 't_a', valid: true }, others: [] })
    expect(valid?.oid).not.toBe(invalid?.oid)
  })

  test('and is another one stays, and is a failure', async () => {
    await withIndex('CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a)')
    await project.query('alpha', 'INSERT INTO t VALUES (1), (1)')
    await project
      .query('alpha', 'CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)')
      .catch(() => 'left INVALID, as is wanted here')
    expectFailure(await project.db(['migrate']), {
      code: 'index.different',
      exitCode: 5,
      what: 'The index t_a is there already',
      why: 'It is UNIQUE USING btree (a), where the script wants USING btree (a)',
      fix: 'Drop it',
    })
    expect(await indexes()).toMatchObject([{ name: 't_a', valid: false }])
  })

  test('of being dropped, and is gone, is taken for dropped', async () => {
    await withIndex('DROP INDEX CONCURRENTLY t_a', 'CREATE TABLE t (a int); CREATE INDEX t_a ON t (a);')
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    await forgetPosition('002_index')
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    expect(await appliedIn(project, 'alpha')).toEqual(['001_t', '002_index'])
  })

  test('of being dropped in a run that was not interrupted must be there', async () => {
    await withIndex('DROP INDEX CONCURRENTLY nowhere')
    expectFailure(await project.db(['migrate']), {
      code: 'migration.failed',
      exitCode: 5,
      what: 'index "nowhere" does not exist',
      why: '42704',
      fix: 'No statement of it is done',
    })
  })
})

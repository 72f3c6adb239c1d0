import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { appliedIn } from './support/catalogs.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const revisions = ['001_runs', '002_one', '003_index', '004_two', '005_none', '006_three']
const recorded = (name: string) => `INSERT INTO runs VALUES ('${name}');`

test('twenty at once, Prisma’s own among them, apply everything exactly once', async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_runs': `CREATE TABLE runs (revision text); ${recorded('001_runs')}`,
      '002_one': `${recorded('002_one')} SELECT pg_sleep(0.3);`,
      '003_index': 'CREATE INDEX CONCURRENTLY runs_revision ON runs (revision);',
      '004_two': recorded('004_two'),
      '005_none': `-- transaction: none\n${recorded('005_none')}\nSELECT pg_sleep(0.2);\nCREATE INDEX CONCURRENTLY ON runs (lower(revision));`,
      '006_three': recorded('006_three'),
    },
  })
  project.write('alpha/prisma/schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n')
  await tenant.createDatabase(project.databaseName('alpha'))
  const crowd = Array.from({ length: 20 }, (_, index) =>
    index % 5 === 2
      ? project.prisma('alpha', ['migrate', 'deploy'])
      : project.db(['migrate', '--no-log', '--lock-wait', '120']),
  )
  const results = await Promise.all(crowd)
  for (const [index, { exitCode, stdout, stderr }] of results.entries()) {
    if (index % 5 !== 2)
      expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 006 (head)\n' })
    // Prisma waits ten seconds for the lock, and no longer; then it has done nothing.
    else if (exitCode !== 0) expect(stdout + stderr).toMatch(/P1002|advisory lock|P3009/)
  }
  expect(await appliedIn(project, 'alpha')).toEqual(revisions)
  const runs = await project.query('alpha', 'SELECT revision FROM runs ORDER BY 1')
  expect(runs.map(({ revision }) => revision)).toEqual([
    '001_runs',
    '002_one',
    '004_two',
    '005_none',
    '006_three',
  ])
  expect(
    await project.query(
      'alpha',
      "SELECT count(*)::int AS indexes, bool_and(indisvalid) AS valid FROM pg_index WHERE indrelid = 'runs'::regclass",
    ),
  ).toEqual([{ indexes: 2, valid: true }])
  expect((await project.prisma('alpha', ['migrate', 'deploy'])).stdout).toContain('No pending migrations')
}, 300_000)

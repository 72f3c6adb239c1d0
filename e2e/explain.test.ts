import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_users':
        'CREATE TABLE users (id int PRIMARY KEY, mail text); CREATE INDEX users_mail ON users (mail); INSERT INTO users SELECT i, i FROM generate_series(1, 5000) i;',
    },
    beta: { '002_specs': 'CREATE TABLE specs (id int PRIMARY KEY);' },
  })
  project.write(
    'queries.sql',
    `-- name: by_mail
-- database: alpha
SELECT id FROM users WHERE mail = $1;

-- name: of_specs
-- database: b
SELECT id FROM specs WHERE id = $1;
`,
  )
  expect((await project.db(['migrate', '--analyze'])).exitCode).toBe(0)
})
afterEach(() => project.dispose())

const explain = (...args: readonly string[]) => project.db(['explain', 'queries.sql', ...args])

test('plans are shown, saved and compared, and no query is run', async () => {
  const before = await catalogsOf(project, 'alpha')
  const saved = await explain('--save', 'plans.json')
  expect(saved).toMatchObject({ exitCode: 0, stderr: '2 plans are in plans.json.\n' })
  expect(saved.stdout).toMatch(
    /^by_mail \(alpha\): cost \S+, 1 row\n {3}Index Scan using users_mail on users\nof_specs \(beta\)/,
  )
  const same = await explain('--compare', 'plans.json')
  expect(same).toMatchObject({ exitCode: 0, stderr: '' })
  expect(same.stdout).toMatch(/^✅ by_mail \(alpha\) same, cost (\S+) → \1\n✅ of_specs \(beta\) same/)
  expect(await catalogsOf(project, 'alpha')).toEqual(before)

  project.revision('alpha', '003_less', 'DROP INDEX users_mail;')
  project.revision('beta', '004_less', 'ALTER TABLE specs RENAME id TO number;')
  expect((await project.db(['migrate', '--analyze'])).exitCode).toBe(0)
  const worse = await explain('--compare', 'plans.json')
  expect(worse.exitCode).toBe(4)
  expect(worse.stdout).toMatch(
    /^❌ by_mail \(alpha\) worse, cost \S+ → \S+; it costs \d+ times as much; users is read from beginning to end, where an index was used\n {3}- Index Scan using users_mail on users\n {3}\+ Seq Scan on users\n/,
  )
  expect(worse.stdout).toContain('❌ of_specs (beta) worse, cost ')
  expect(worse.stdout).toContain('it no longer works: column "id" does not exist')
  const { comparisons }: { comparisons: { verdict: string }[] } = JSON.parse(
    (await explain('--compare', 'plans.json', '--json')).stdout,
  )
  expect(comparisons.map(({ verdict }) => verdict)).toEqual(['worse', 'worse'])
})

test('migrate --analyze gathers the statistics of the tables that were made or changed', async () => {
  const analyzed = () =>
    project.query(
      'alpha',
      "SELECT relname, reltuples::int AS rows FROM pg_class WHERE relname IN ('users', 'more') ORDER BY 1",
    )
  expect(await analyzed()).toEqual([{ relname: 'users', rows: 5000 }])
  project.revision(
    'alpha',
    '003_more',
    'CREATE TABLE more AS SELECT 1 AS n; DELETE FROM users WHERE id > 10;',
  )
  const { stderr, exitCode } = await project.db(['migrate', '--analyze'])
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/alpha 003_more\n.*alpha analyze more\n.*alpha analyze users\n/)
  expect(await analyzed()).toEqual([
    { relname: 'more', rows: 1 },
    { relname: 'users', rows: 10 },
  ])
})

test('files that are none are refused', async () => {
  expectFailure(await project.db(['explain', 'nothing.sql']), {
    code: 'queries.unusable',
    exitCode: 2,
    what: 'nothing.sql',
    why: '-- name: NAME',
    fix: 'formats.md',
  })
  project.write('plans.json', '{}')
  expectFailure(await explain('--compare', 'plans.json'), {
    code: 'query-plans.unusable',
    exitCode: 2,
    what: "plans.json can't be compared with: it is no record of format 1.",
    why: '--save FILE',
    fix: 'Save the plans again',
  })
  project.write('queries.sql', '-- name: one\nSELECT 1;')
  expect((await explain()).stderr).toContain('"one" doesn\'t say whether it is for alpha or beta')
  expect(await explain('--only', 'beta')).toMatchObject({ exitCode: 0 })
})

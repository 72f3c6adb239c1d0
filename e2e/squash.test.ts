import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogDifferences } from '@manybase/migrator/testing'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const scripts = {
  '001_first': ['CREATE TABLE first (id int PRIMARY KEY);', 'DROP TABLE first;'],
  '002_second': [
    '-- Second\n-- creates: second\nCREATE TABLE second (id int PRIMARY KEY)',
    '-- Undoes 002\nDROP TABLE second',
  ],
  '003_third': [
    `-- depends-on: beta@005\nCREATE FUNCTION three() RETURNS int LANGUAGE sql AS $$ SELECT 3; $$;\nCOMMENT ON TABLE second IS 'two';`,
    'DROP FUNCTION three();\nCOMMENT ON TABLE second IS NULL;',
  ],
  '004_fourth': ['ALTER TABLE first ADD COLUMN four int;', 'ALTER TABLE first DROP COLUMN four;'],
} as const

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, {
    alpha: {},
    beta: { '005_other': 'CREATE TABLE other (id int PRIMARY KEY);' },
  })
  for (const [name, [up, down]] of Object.entries(scripts)) {
    project.revision('alpha', name, up)
    project.write(`alpha/prisma/migrations/${name}/down.sql`, down)
  }
  await project.db(['migrate'])
})
afterEach(() => project.dispose())

const folder = () => join(project.directory, 'alpha/prisma/migrations')
const revisions = () => readdirSync(folder()).filter((name) => name !== 'migration_lock.toml')
const squashed = '003_two_and_three'
const squash = (...more: string[]) => project.db(['squash', '002:003', '-m', 'Two and three', ...more])

test('one revision takes the place of two, on disk and in the ledger', async () => {
  const before = await catalogsOf(project, 'alpha')
  const result = await squash('--yes')
  expect(result).toMatchObject({ exitCode: 0, stdout: `alpha/prisma/migrations/${squashed}\n` })
  expect(result.stderr).toContain('pnpm db stamp alpha@REVISION --purge')
  expect(revisions()).toEqual(['001_first', squashed, '004_fourth'])
  expect(readdirSync(join(project.directory, 'alpha/prisma')).filter((name) => name.startsWith('.'))).toEqual(
    [],
  )
  expect(readFileSync(join(folder(), squashed, 'migration.sql'), 'utf8')).toMatch(
    /^-- Two and three\n--\n-- depends-on: beta@005\n-- creates: second\n-- database: alpha\n\n-- From 002_second\n/,
  )
  expect(await catalogsOf(project, 'alpha')).toEqual(before)
  expect([...(await appliedIn(project, 'alpha'))].sort()).toEqual(['001_first', squashed, '004_fourth'])
  expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({ exitCode: 0 })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stderr: 'Nothing to do.\n' })

  expect(await project.db(['downgrade', 'alpha@base', '--yes'])).toMatchObject({ exitCode: 0 })
  expect(await project.prisma('alpha', ['migrate', 'deploy'])).toMatchObject({ exitCode: 0 })
  expect(catalogDifferences(before, await catalogsOf(project, 'alpha'))).toEqual([])
})

test('where the range is pending, the ledger stays as it is', async () => {
  await project.db(['downgrade', 'alpha@001', '--yes'])
  expect(await squash('--yes')).toMatchObject({ exitCode: 0 })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first'])
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
  expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({ exitCode: 0 })
})

describe('nothing is changed', () => {
  afterEach(() => {
    expect(revisions()).toEqual(Object.keys(scripts))
  })
  const refused = (result: Parameters<typeof expectFailure>[0], code: string, text: string | RegExp) =>
    expectFailure(result, { code, exitCode: 2, what: text, why: /./, fix: /./ })

  test('unasked: the question names the database that has them', async () => {
    refused(
      await squash(),
      'answer.missing',
      /Replace 002_second, 003_third by .* also in the ledger of alpha at/,
    )
  })

  test('where the database stands amid the range', async () => {
    await project.db(['downgrade', 'alpha@002', '--yes'])
    refused(await squash('--yes'), 'squash.half-applied', '002_second applied, 003_third not')
    expect(await appliedIn(project, 'alpha')).toEqual(['001_first', '002_second'])
  })

  test('where an applied script was edited', async () => {
    project.revision('alpha', '002_second', 'CREATE TABLE second (id int PRIMARY KEY, more int);')
    refused(await squash('--yes'), 'plan.divergent', '002_second')
  })

  test('where something hangs on a revision within', async () => {
    project.revision('beta', '006_more', '-- depends-on: alpha@002\nSELECT 1;')
    refused(await squash('--yes'), 'squash.refused', 'beta@006 needs alpha@002')
  })

  test('where there is more than the scripts, or only one revision', async () => {
    project.write('alpha/prisma/migrations/003_third/options.json', '{}')
    refused(await squash('--yes'), 'squash.refused', '003_third has options.json')
    refused(await project.db(['squash', '002:002', '--yes']), 'squash.refused', 'at least two')
  })

  test('where the way back would leave a trace', async () => {
    project.write('alpha/prisma/migrations/003_third/down.sql', 'SELECT 1;')
    refused(await squash('--yes'), 'squash.unproved', 'alpha would not make the same')
  })
})

describe('kill -9 while the ledger commits', () => {
  /** The commit takes long enough to be found, by a trigger that runs at its end. */
  const slowly = (seconds: number) =>
    project.query(
      'alpha',
      `CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(${seconds}); RETURN NULL; END';
       CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON _prisma_migrations DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION slowly()`,
    )
  const quickly = () =>
    project.query('alpha', 'DROP TRIGGER slowly ON _prisma_migrations; DROP FUNCTION slowly()')
  const committing = () =>
    project.query(
      'alpha',
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND state = 'active'`,
    )
  const leftovers = () =>
    readdirSync(join(project.directory, 'alpha/prisma')).filter((name) => name.startsWith('.squashed'))

  async function killAtCommit(): Promise<void> {
    const { child, result } = project.startDb(['squash', '002:003', '-m', 'Two and three', '--yes'])
    while ((await committing()).length === 0) await setTimeout(20)
    child.kill('SIGKILL')
    await result
    expect(revisions()).toEqual(['001_first', squashed, '004_fourth'])
    expect(leftovers()).toHaveLength(1)
  }

  test('and the ledger doesn’t have it: the next one takes it back, and does it again', async () => {
    await slowly(60)
    await killAtCommit()
    await project.query('alpha', `SELECT pg_terminate_backend(${(await committing())[0]?.pid})`)
    await quickly()
    const again = await squash('--yes')
    expect(again).toMatchObject({ exitCode: 0, stdout: `alpha/prisma/migrations/${squashed}\n` })
    expect(again.stderr).toContain(`⚠ A squash to ${squashed} was interrupted; it is now taken back.`)
    expect(leftovers()).toEqual([])
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stderr: 'Nothing to do.\n' })
  })

  test('and the ledger has it: the next one completes it', async () => {
    await slowly(2)
    await killAtCommit()
    while ((await committing()).length > 0) await setTimeout(50)
    await quickly()
    const { exitCode, stderr } = await project.db(['squash', '001:003', '--yes'])
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`⚠ A squash to ${squashed} was interrupted; it is now complete.`),
    })
    expect(revisions()).toEqual(['003_squash_001_to_003', '004_fourth'])
    expect(leftovers()).toEqual([])
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stderr: 'Nothing to do.\n' })
    expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({ exitCode: 0 })
  })
})

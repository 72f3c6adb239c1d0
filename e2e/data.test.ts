import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  appliedBackfill,
  type Backfill,
  expectNoDifference,
  makeBackfill,
  shrinking,
} from './support/backfill.ts'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { run } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Backfill | Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const required = (backfill: Backfill) => {
  backfill.revision('alpha', '003_required', 'ALTER TABLE users ALTER new_field SET NOT NULL;')
  backfill.file('003_required', 'down.sql', 'ALTER TABLE users ALTER new_field DROP NOT NULL;')
  backfill.file('003_required', 'options.json', '{ "requiresData": ["002"] }')
}

describe('a column that is replaced while the application runs, in five phases', () => {
  test('goes from nullable over a backfill to required, and each phase waits for the one before', async () => {
    const backfill = await makeBackfill(tenant, 2500, shrinking)
    project = backfill
    required(backfill)
    project.revision('alpha', '004_drop_old', 'ALTER TABLE users DROP old_field;')

    // The phases may lie in one checkout: the plan says what is missing.
    expectFailure(await project.db(['migrate']), {
      code: 'plan.data-incomplete',
      exitCode: 2,
      what: "003_required of alpha needs the data migration of 002, which isn't complete",
      why: 'requiresData',
      fix: 'pnpm db upgrade alpha@002 && pnpm db data run alpha@002',
    })
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users'])

    // Phase 1: the column. Phase 2, the application that writes both, is deployed now.
    expect(await project.db(['upgrade', '002'])).toMatchObject({ exitCode: 0 })
    await project.query('alpha', "INSERT INTO users VALUES (9001, 'late', 0, 'LATE')")
    const pending = await project.db(['status'])
    expect(pending.stdout).toContain('   data  pending  002_new_field\n')
    expect(pending.stdout).toContain('❌ alpha: 002 (2 behind 004)')
    expectFailure(await project.db(['migrate']), {
      code: 'plan.data-incomplete',
      exitCode: 2,
      what: '003_required',
      why: 'requiresData',
      fix: 'Run it, and then this command again: pnpm db data run alpha@002',
    })

    // Phase 3: the rows that were there.
    expect(await project.db(['data'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: complete  002_new_field, 2,500 rows\n',
    })
    expect(await backfill.count('new_field IS DISTINCT FROM upper(old_field)')).toBe(0)
    await expectNoDifference(project, 'old_field String\n  new_field String?')
    expect(await project.db(['drift'])).toMatchObject({ exitCode: 0 })

    // Phases 4 and 5.
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    expect(await appliedIn(project, 'alpha')).toEqual([
      '001_users',
      '002_new_field',
      '003_required',
      '004_drop_old',
    ])
    await expectNoDifference(project, 'new_field String')
    expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('up to date'),
    })
    expect(await project.db(['drift'])).toMatchObject({ exitCode: 0 })
    expect((await project.db(['status'])).stdout).toContain('   data  complete  002_new_field, 2,500 rows')
  })

  test('are written by the template', async () => {
    project = makeProject(tenant, { alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY);' } })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    await project.query('alpha', 'INSERT INTO users SELECT generate_series(1, 50)')
    const set = ['--set', 'table=users', '--set', 'column=size', '--set', 'type=int', '--set', 'value=id * 2']
    expect(await project.db(['create', 'sizes', '--template', 'column-backfill', ...set])).toMatchObject({
      exitCode: 0,
      stdout: 'alpha/prisma/migrations/002_sizes\nalpha/prisma/migrations/003_sizes_required\n',
    })
    const read = (path: string) =>
      readFileSync(join(project.directory, 'alpha/prisma/migrations', path), 'utf8')
    expect(read('002_sizes/data.sql')).toContain('UPDATE users SET size = id * 2')
    expect(JSON.parse(read('003_sizes_required/options.json'))).toEqual({ requiresData: ['002'] })
    expect(await project.db(['verify', '--offline', '--skip', 'down-missing'])).toMatchObject({ exitCode: 0 })
    expect(await project.db(['migrate', '--with-data'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('alpha', 'SELECT count(*)::int AS n FROM users WHERE size = id * 2')).toEqual([
      { n: 50 },
    ])
    await expect(project.query('alpha', 'INSERT INTO users VALUES (51)')).rejects.toThrow('not-null')
    expect(await project.db(['downgrade', 'base', '--yes'])).toMatchObject({ exitCode: 2 })
    expect(await project.db(['downgrade', '001', '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await project.db(['drift'])).toMatchObject({ exitCode: 0 })
  })
})

describe('an upgrade', () => {
  test('of a new database comes to head in one go, and its data migrations are complete', async () => {
    const backfill = await makeBackfill(tenant, 0, shrinking)
    required(backfill)
    project = backfill
    await project.query('alpha', 'DROP TABLE users; DROP TABLE _prisma_migrations')
    const { exitCode, stdout, stderr } = await project.db(['migrate'])
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
    expect(stderr).toContain('alpha 002_new_field data (0 rows)')
    expect(await backfill.status()).toMatchObject([{ revision: '002_new_field', state: 'complete', rows: 0 }])
  })

  test('of one with rows runs no data migration unless told so', async () => {
    const backfill = await makeBackfill(tenant, 300, shrinking)
    project = backfill
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(await backfill.count('new_field IS NULL')).toBe(300)
    // At head, and still something to do.
    required(backfill)
    const { exitCode, stdout } = await project.db(['migrate', '--with-data', '--json'])
    const { steps }: { steps: Record<string, unknown>[] } = JSON.parse(stdout)
    expect({ exitCode, steps }).toMatchObject({
      exitCode: 0,
      steps: [
        { revision: '002_new_field', direction: 'data', outcome: 'done', rows: 300 },
        { revision: '003_required', direction: 'upgrade', outcome: 'done' },
      ],
    })
  })

  test('leaves no trace of data migrations where there are none', async () => {
    project = makeProject(tenant, { alpha: { '001_users': 'CREATE TABLE users (id int PRIMARY KEY);' } })
    for (const args of [['migrate', '--with-data'], ['data'], ['data', 'status'], ['status']]) {
      expect(await project.db(args)).toMatchObject({ exitCode: 0 })
    }
    expect(await project.query('alpha', "SELECT to_regnamespace('migrator') AS schema")).toEqual([
      { schema: null },
    ])
  })

  test('takes one that was skipped in this environment for done', async () => {
    const backfill = await makeBackfill(tenant, 5, shrinking)
    project = backfill
    backfill.file('002_new_field', 'options.json', '{ "environments": ["staging"] }')
    backfill.revision('alpha', '003_more', 'SELECT 1;')
    backfill.file('003_more', 'options.json', '{ "requiresData": ["002"] }')
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    expect(await backfill.status()).toMatchObject([{ state: 'skipped' }])
    expect(await project.db(['data', 'run', '002'])).toMatchObject({ exitCode: 0 })
  })

  test('refuses to wait for what can never be complete', async () => {
    const backfill = await makeBackfill(tenant, 5, shrinking)
    project = backfill
    backfill.revision('alpha', '003_more', 'SELECT 1;')
    for (const [needs, problem] of [
      ['009', 'there is no such revision'],
      ['001', 'that revision has none'],
    ]) {
      backfill.file('003_more', 'options.json', JSON.stringify({ requiresData: [needs] }))
      expectFailure(await project.db(['migrate']), {
        code: 'plan.data-unknown',
        exitCode: 2,
        what: `003_more of alpha needs the data migration of ${needs}, and ${problem}`,
        why: 'requiresData',
        fix: 'Correct the id',
      })
    }
  })
})

describe('a downgrade', () => {
  test('forgets the progress of what it undoes', async () => {
    const backfill = await appliedBackfill(tenant, 40, shrinking)
    project = backfill
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    expect(await project.db(['downgrade', '-1', '--yes'])).toMatchObject({ exitCode: 0 })
    expect(await backfill.status()).toMatchObject([{ state: 'waiting', rows: 0 }])
    expectFailure(await project.db(['data', 'run', '002']), {
      code: 'data.not-applied',
      exitCode: 2,
      what: "the revision isn't applied to alpha",
      why: 'migration.sql',
      fix: 'pnpm db:migrate',
    })
    expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0 })
    expect(await backfill.status()).toMatchObject([{ state: 'pending' }])
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    expect(await backfill.count('new_field IS NULL')).toBe(0)
  })
})

describe('what is shown beforehand', () => {
  test('--plan says of each data migration whether it is run', async () => {
    const backfill = await makeBackfill(tenant, 5, shrinking)
    project = backfill
    const without = await project.db(['upgrade', '--plan'])
    expect(without.stdout).toContain('-- Not run by this is its data migration: pnpm db data run alpha@002')
    expect(without.stdout).not.toContain('LIMIT :batch')
    const withData = await project.db(['upgrade', '--plan', '--with-data'])
    expect(withData.stdout).toContain(
      '-- data alpha 002_new_field\n-- in batches, until nothing is left to do\n-- What new_field',
    )
    const { stdout } = await project.db(['upgrade', '--plan', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ steps: [{ data: { file: 'data.sql', run: false } }] })
  })

  test('--sql stops before a step whose data migration is not complete', async () => {
    const backfill = await makeBackfill(tenant, 5, shrinking)
    required(backfill)
    project = backfill
    const written = async (range: string) => {
      const { stdout } = await project.db(['upgrade', '--sql', range])
      writeFileSync(join(project.directory, 'script.sql'), stdout)
      return stdout
    }
    const psql = () =>
      run('psql', ['-X', '-q', '-d', project.url('alpha'), '-f', join(project.directory, 'script.sql')], {
        cwd: project.directory,
      })
    await written('001:003')
    const stopped = await psql()
    expect(stopped).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('the data migration of 002_new_field is not part of this script'),
      stderr: expect.stringContaining(
        '003_required of alpha needs the data migration of 002, which is not complete',
      ),
    })
    expect(await appliedIn(project, 'alpha')).toEqual(['001_users', '002_new_field'])
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    await written('002:003')
    expect(await psql()).toMatchObject({ exitCode: 0 })
    expect(await project.db(['status'])).toMatchObject({ stdout: expect.stringContaining('003 (head)') })
    // From base there are no rows of an application yet.
    expect((await project.db(['upgrade', '--sql'])).stdout).not.toContain('which is not complete')
  })
})

describe('verify and check', () => {
  test('find what is wrong with a data migration before it is run', async () => {
    const backfill = await makeBackfill(tenant, 1, 'UPDATE users SET WHERE :batch')
    project = backfill
    backfill.revision('alpha', '003_more', 'SELECT 1;')
    backfill.file('003_more', 'data.sql', 'UPDATE users SET hits = 1 WHERE id < :batch')
    backfill.file('003_more', 'options.json', '{ "requiresData": ["001", "004", "009"] }')
    backfill.revision('alpha', '004_module', 'SELECT 1;')
    backfill.file('004_module', 'data.ts', 'export default { batch: 1 }')
    backfill.revision('alpha', '005_both', 'SELECT 1;')
    backfill.file('005_both', 'data.ts', '')
    backfill.file('005_both', 'data.sql', '')
    const { stdout, exitCode } = await project.db(['verify', '--json', '--offline', '--skip', 'down-missing'])
    const { databases }: { databases: { findings: Record<string, string>[] }[] } = JSON.parse(stdout)
    const found = databases.flatMap(({ findings }) => findings)
    expect({ exitCode, found }).toMatchObject({
      exitCode: 4,
      found: [
        { kind: 'data-invalid', revision: '002_new_field', problem: expect.stringContaining('syntax error') },
        { kind: 'data-endless', revision: '003_more', problem: expect.stringContaining('it sets hits') },
        { kind: 'data-invalid', revision: '004_module', problem: expect.stringContaining('`batch`') },
        {
          kind: 'data-invalid',
          revision: '005_both',
          problem: expect.stringContaining('data.sql and data.ts'),
        },
        { kind: 'requires-data-wrong', needs: '001', problem: 'that revision has no data migration' },
        { kind: 'requires-data-wrong', needs: '004', problem: 'that revision need not be applied before it' },
        { kind: 'requires-data-wrong', needs: '009', problem: 'there is no such revision in this history' },
      ],
    })
  })

  test('check names what is left, and ends with 4 only for what is wrong', async () => {
    const backfill = await appliedBackfill(tenant, 1, shrinking)
    project = backfill
    backfill.write(
      'alpha/prisma/schema.prisma',
      'datasource db {\n  provider = "postgresql"\n}\nmodel users {\n  id Int @id\n  hits Int @default(0)\n  old_field String\n  new_field String?\n}\n',
    )
    expect(await project.db(['check'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n   data  pending  002_new_field\n',
    })
    backfill.file('002_new_field', 'data.sql', 'UPDATE users SET new_field = 1')
    expect(await project.db(['check'])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('nothing keeps a batch small'),
    })
  })
})

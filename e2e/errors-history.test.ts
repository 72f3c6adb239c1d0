import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { type Expected, expectFailure } from './support/failure.ts'
import { makeProject, type Project, type Scripts } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const table = (name: string, header = '') => `${header}CREATE TABLE ${name} (id int);\n`

describe('a ledger that doesn’t agree with the history', () => {
  /** Applies two revisions, changes something, adds a third: the third must not be applied. */
  async function expectBlocked(change: () => void, expected: Expected): Promise<void> {
    project = makeProject(tenant, {
      alpha: { '001_first': table('first'), '002_second': table('second') },
      beta: { '001_other': table('other') },
    })
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    const before = await catalogsOf(project, 'alpha')
    const ledger = await project.query('alpha', 'SELECT * FROM _prisma_migrations ORDER BY started_at')
    change()
    project.revision('alpha', '003_third', table('third'))
    project.revision('beta', '002_another', table('another'))

    expectFailure(await project.db(['migrate']), expected)
    expect(await catalogsOf(project, 'alpha')).toEqual(before)
    expect(await project.query('alpha', 'SELECT * FROM _prisma_migrations ORDER BY started_at')).toEqual(
      ledger,
    )
    // The other database waits too: one run is one plan.
    expect(await appliedIn(project, 'beta')).toEqual(['001_other'])
  }

  test('an edited migration is divergent', async () => {
    const edited = () => void project.revision('alpha', '001_first', table('first_edited'))
    await expectBlocked(edited, {
      code: 'plan.divergent',
      exitCode: 2,
      what: '001_first of alpha was edited after it had been applied.',
      why: /checksum in the ledger isn't that of \S*001_first\/migration\.sql/,
      fix: 'Restore the file from version control, and put the change into a new migration.',
    })
    const status = await project.db(['status'])
    expect(status.stdout).toContain('❌ alpha: 002 (1 behind 003, divergent)')
    expect(status.stdout).toContain('divergent  001_first of alpha was edited')
    expect((await project.db(['migrate', '--check-status'])).exitCode).toBe(4)
  })

  test('a migration that is applied and not on disk is missing', async () => {
    const deleted = () => project.remove('alpha/prisma/migrations/002_second')
    await expectBlocked(deleted, {
      code: 'plan.missing',
      exitCode: 2,
      what: `002_second is applied to alpha, and isn't on disk.`,
      why: 'The database is ahead of this checkout',
      fix: 'Check out the version that has the directory, or restore it. Where it was squashed, mend the ledger',
    })
    expect((await project.db(['status'])).stdout).toContain('missing  002_second is applied to alpha')
  })

  test('several faults are told at once', async () => {
    const twice = () => {
      project.revision('alpha', '001_first', table('first_edited'))
      project.remove('alpha/prisma/migrations/002_second')
    }
    await expectBlocked(twice, {
      code: 'plan.missing',
      exitCode: 2,
      what: /002_second is applied to alpha[\s\S]*001_first of alpha was edited/,
      why: /ahead of this checkout[\s\S]*checksum in the ledger/,
      fix: /Check out the version[\s\S]*Restore the file/,
    })
  })
})

describe('a history that can’t be read', () => {
  const expectNoDatabase = async () =>
    expect(
      await tenant.asAdmin(`SELECT 1 FROM pg_database WHERE datname = '${project.databaseName('alpha')}'`),
    ).toEqual([])

  test('has a directory without migration.sql', async () => {
    project = makeProject(tenant, { alpha: { '001_first': table('first') } })
    project.write('alpha/prisma/migrations/002_second/notes.txt', 'later')
    expectFailure(await project.db(['migrate']), {
      code: 'history.script-missing',
      exitCode: 2,
      what: 'alpha/prisma/migrations/002_second has no migration.sql.',
      why: 'Prisma refuses one without a script (P3015)',
      fix: 'Restore the file, or delete the directory',
    })
    expect((await project.db(['status'])).exitCode).toBe(2)
  })

  test('isn’t there', async () => {
    project = makeProject(tenant, { alpha: { '001_first': table('first') } })
    project.remove('alpha/prisma/migrations')
    expectFailure(await project.db(['migrate']), {
      code: 'history.missing',
      exitCode: 2,
      what: `The history of alpha isn't there: alpha/prisma/migrations.`,
      why: 'Without its migration directory nobody can say',
      fix: 'Check the directory out again, or correct `directory` and `migrations` in the catalog.',
    })
  })

  test('creates no database, however it is unreadable', async () => {
    project = makeProject(tenant, { alpha: { '001_first': table('first') } })
    project.remove('alpha/prisma/migrations')
    await project.db(['migrate'])
    await expectNoDatabase()
  })
})

describe('a history in which "head" or an order doesn’t exist', () => {
  const cases: readonly [string, Scripts, Omit<Expected, 'exitCode'>][] = [
    [
      'has a revision twice',
      { '001_first': table('first'), '001_again': table('again') },
      {
        code: 'plan.duplicate-revision',
        what: /alpha has the revision 001 2 times: \S*001_again, \S*001_first\./,
        why: 'what stands before the first underscore',
        fix: 'Give the newer directory the next free number.',
      },
    ],
    [
      'has two heads',
      {
        '001_first': table('first'),
        '002_left': table('left_side', '-- revises: 001\n'),
        '003_right': table('right_side', '-- revises: 001\n'),
      },
      {
        code: 'plan.multiple-heads',
        what: 'The history of alpha has several heads: 002, 003.',
        why: 'Two revisions name the same parent',
        fix: 'Join them: pnpm db merge 002 003',
      },
    ],
    [
      'names an unknown parent',
      { '001_first': table('first'), '002_second': table('second', '-- revises: 000\n') },
      {
        code: 'plan.unknown-parent',
        what: '002_second of alpha names alpha@000, and there is no such revision.',
        why: 'says `revises` or `depends-on` with an id that no directory has.',
        fix: 'Correct the header, or restore the missing directory',
      },
    ],
    [
      'depends on an unknown revision of another database',
      { '001_first': table('first', '-- depends-on: beta@099\n') },
      {
        code: 'plan.unknown-parent',
        what: '001_first of alpha names beta@099, and there is no such revision.',
        why: 'an id that no directory has',
        fix: 'Correct the header',
      },
    ],
    [
      'depends on a database that the catalog doesn’t have',
      { '001_first': table('first', '-- depends-on: gamma@001\n') },
      {
        code: 'plan.unknown-database',
        what: '001_first of alpha depends on gamma@001, and the catalog has no such database.',
        why: 'The catalog has alpha, beta; labels',
        fix: 'Correct `depends-on`, or add the database',
      },
    ],
    [
      'goes round in a circle through the other database',
      { '001_first': table('first', '-- depends-on: beta@001\n') },
      {
        code: 'plan.cycle',
        what: /depend on each other in a circle: alpha@001 → beta@001 → alpha@001\./,
        why: 'No order exists in which they could be applied.',
        fix: 'Correct `revises` and `depends-on`',
      },
    ],
    [
      'has a revision that revises itself',
      { '001_first': table('first', '-- revises: 001\n') },
      {
        code: 'plan.cycle',
        what: 'in a circle: alpha@001 → alpha@001.',
        why: 'No order exists',
        fix: 'Correct `revises` and `depends-on`',
      },
    ],
  ]

  test.each(cases)('%s: nothing is applied, nor created', async (title, alpha, expected) => {
    const circle = title.includes('circle') ? '-- depends-on: alpha@001\n' : ''
    project = makeProject(tenant, { alpha, beta: { '001_other': table('other', circle) } })
    expectFailure(await project.db(['migrate']), { ...expected, exitCode: 2 })
    const names = ['alpha', 'beta'].map((database) => `'${project.databaseName(database)}'`)
    expect(await tenant.asAdmin(`SELECT FROM pg_database WHERE datname IN (${names})`)).toEqual([])
  })

  test('has two heads in each of two databases: both are named', async () => {
    const fork = {
      '002_left': table('left_side', '-- revises: 001\n'),
      '003_right': table('right_side', '-- revises: 001\n'),
    }
    project = makeProject(tenant, {
      alpha: { '001_first': table('first'), ...fork },
      beta: { '001_first': table('first'), ...fork },
    })
    const { stderr } = await project.db(['migrate'])
    expect(stderr).toContain('The history of alpha has several heads: 002, 003.')
    expect(stderr).toContain('The history of beta has several heads: 002, 003.')
  })
})

test('a second line of revisions begins at base, as `down_revision = None` does for Alembic', async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_first': table('first'),
      '002_apart': table('apart', '-- revises: base\n'),
      '003_more': 'ALTER TABLE apart ADD COLUMN more int;',
    },
  })
  project.write('alpha/prisma/migrations/003_more/down.sql', 'ALTER TABLE apart DROP COLUMN more;')
  project.write('alpha/prisma/migrations/002_apart/down.sql', 'DROP TABLE apart;')
  expect((await project.db(['heads'])).stdout).toBe('001 (head)\n003 (head)\n')
  expect((await project.db(['history'])).stdout).toContain('<base> -> 002,')
  expect((await project.db(['migrate'])).stderr).toContain('[plan.multiple-heads]')
  expect(await project.db(['upgrade', 'heads', '--create'])).toMatchObject({ exitCode: 0 })
  expect(await project.db(['downgrade', '002', '--yes'])).toMatchObject({ exitCode: 0 })
  expect([...(await appliedIn(project, 'alpha'))].sort()).toEqual(['001_first', '002_apart'])
  project.write('alpha/prisma/migrations/004_both/migration.sql', '-- revises: 001, 003\nSELECT 1;')
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 004 (head)\n' })
  expect(await project.prisma('alpha', ['migrate', 'status'])).toMatchObject({ exitCode: 0 })
})

test('a merge revision unites two heads, and is applied after both', async () => {
  project = makeProject(tenant, {
    alpha: {
      '001_first': table('first'),
      '002_left': table('left_side', '-- revises: 001\n'),
      '003_right': table('right_side', '-- revises: 001\n'),
      '004_merge': '-- revises: 002, 003\nSELECT 1;\n',
    },
  })
  expect(await project.db(['migrate'])).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 004 (head)\n' })
  const applied = await appliedIn(project, 'alpha')
  expect(applied.toSorted()).toEqual(['001_first', '002_left', '003_right', '004_merge'])
  expect([applied.at(0), applied.at(-1)]).toEqual(['001_first', '004_merge'])
})

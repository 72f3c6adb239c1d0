import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { catalogDifferences } from '@manybase/migrator/testing'
import { catalogsOf } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { catalog, makeGuardedProject, triggersIn } from './support/guarded.ts'
import type { Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeGuardedProject(tenant)
})
afterEach(() => project.dispose())

const capture = ['capture', 'id_change', 'reuse', 'truncate'].map((kind) => `users integrity_${kind}_id`)
const fence = ['notes', 'projects'].flatMap((table) =>
  ['insert', 'update'].map((event) => `${table} integrity_fence_${event}_user_id`),
)

const migrate = async () => {
  const result = await project.db(['migrate'])
  expect(result).toMatchObject({ exitCode: 0 })
  return result
}

/** What is true of the tables right after the step before, and so at its commit. */
const demand = (condition: string) =>
  `DO $$BEGIN IF NOT (${condition}) THEN RAISE 'it does not hold: %', $text$${condition}$text$; END IF; END$$;`

const hasFence = `(SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relname = 'projects' AND tgname LIKE 'integrity_fence%' AND tgenabled = 'A') = 2`

describe('db migrate', () => {
  test('installs capture and fence with the histories, and has nothing to do after that', async () => {
    const first = await migrate()
    expect(first.stderr).toMatch(/integrity of auth \(installed\)/)
    expect(first.stderr).toMatch(/integrity of specs \(installed\)/)
    expect(await triggersIn(project, 'auth')).toEqual(capture)
    expect(await triggersIn(project, 'specs')).toEqual(fence)
    expect((await migrate()).stderr).toContain('Nothing to do.')
    expect((await project.db(['drift'])).exitCode).toBe(0)
  })

  test('has the fence up when a script that made or remade a table commits', async () => {
    project.revision('specs', '003_demand', demand(hasFence))
    project.revision(
      'specs',
      '004_remake',
      `CREATE TABLE other (id integer PRIMARY KEY, user_id uuid NOT NULL);
       DROP TABLE projects; ALTER TABLE other RENAME TO projects;`,
    )
    project.revision('specs', '005_demand', demand(hasFence))
    await migrate()
  })

  test.each([
    ['a trigger that was dropped', 'DROP TRIGGER integrity_fence_insert_user_id ON projects'],
    ['one that was disabled', 'ALTER TABLE projects DISABLE TRIGGER integrity_fence_update_user_id'],
    ['one that a replica would not fire', 'ALTER TABLE notes ENABLE TRIGGER integrity_fence_update_user_id'],
    [
      'a function that was replaced',
      `CREATE OR REPLACE FUNCTION integrity."fence public.projects.user_id"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    ],
  ])('mends %s', async (_, sql) => {
    await migrate()
    await project.query('specs', sql)
    expect((await migrate()).stderr).toMatch(/integrity of specs \(1 mended\)/)
    expect(await triggersIn(project, 'specs')).toEqual(fence)
    expect((await migrate()).stderr).toContain('Nothing to do.')
  })

  test('follows the annotations', async () => {
    await migrate()
    const schema = 'specs/prisma/schema.prisma'
    project.write(
      schema,
      `datasource db {\n provider = "postgresql"\n}
       model Project {
         id     Int    @id
         /// @reference(auth.users.id, onDelete: Restrict)
         userId String @map("user_id") @db.Uuid
         @@map("projects")
       }
       model Note {
         id     Int     @id
         /// @reference(none)
         userId String? @map("user_id") @db.Uuid
         @@map("notes")
       }`,
    )
    await migrate()
    expect(await triggersIn(project, 'specs')).toEqual(fence.filter((name) => name.startsWith('projects')))
    expect(await triggersIn(project, 'auth')).toEqual([...capture, 'users integrity_restrict_id'].sort())
  })

  test('stands aside for a script that changes or drops a referencing column', async () => {
    await migrate()
    project.revision(
      'specs',
      '003_change',
      'ALTER TABLE projects ALTER user_id TYPE text; ALTER TABLE projects ALTER user_id TYPE uuid USING user_id::uuid;',
    )
    project.revision('specs', '004_demand', demand(hasFence))
    project.revision('specs', '005_drop', 'ALTER TABLE notes DROP COLUMN user_id;')
    await migrate()
    expect(await triggersIn(project, 'specs')).toEqual(fence.filter((name) => name.startsWith('projects')))
  })

  test('installs the side of the one database that it is asked for', async () => {
    const { exitCode } = await project.db(['migrate', '--only', 'auth'])
    expect(exitCode).toBe(0)
    expect(await triggersIn(project, 'auth')).toEqual(capture)
    await migrate()
    expect(await triggersIn(project, 'specs')).toEqual(fence)
  })

  test('keeps both sides in one PostgreSQL database apart', async () => {
    const at = (schema: string) => `${project.url('auth')}?schema=${schema}`
    const env = { DATABASE_URL_AUTH: at('people'), DATABASE_URL_SPECS: at('work') }
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    const all = [...capture.map((name) => `people.${name}`), ...fence.map((name) => `work.${name}`)].sort()
    expect((await triggersIn(project, 'auth')).toSorted()).toEqual(all)
    expect((await project.db(['migrate'], { env })).stderr).toContain('Nothing to do.')
    expect((await project.db(['downgrade', 'specs@base', '--yes'], { env })).exitCode).toBe(0)
    expect(await triggersIn(project, 'auth')).toEqual(capture.map((name) => `people.${name}`))
  })

  test('fences what a script without a transaction makes', async () => {
    project.revision(
      'specs',
      '003_remake',
      '-- transaction: none\nDROP TABLE projects;\nCREATE TABLE projects (id integer PRIMARY KEY, user_id uuid NOT NULL);',
    )
    await migrate()
    expect(await triggersIn(project, 'specs')).toEqual(fence)
  })

  test('fences a table that took the place of another, and one that inherits, made without a migration', async () => {
    await migrate()
    await project.query(
      'specs',
      `ALTER TABLE projects RENAME TO past;
       CREATE TABLE projects (id integer PRIMARY KEY, user_id uuid NOT NULL) PARTITION BY RANGE (id)`,
    )
    await migrate()
    expect((await project.db(['integrity', 'status'])).exitCode).toBe(0)
    expect((await triggersIn(project, 'specs')).filter((name) => name.startsWith('past'))).toEqual([])
    await project.query('specs', 'CREATE TABLE more_notes () INHERITS (notes)')
    await migrate()
    expect((await project.db(['integrity', 'status'])).exitCode).toBe(0)
    expect(await project.db(['migrate'])).toMatchObject({ stderr: expect.stringContaining('Nothing to do.') })
  })

  test('says in JSON what it did', async () => {
    await migrate()
    await project.query('specs', 'DROP TRIGGER integrity_fence_insert_user_id ON projects')
    const { stdout } = await project.db(['migrate', '--json'])
    expect(JSON.parse(stdout).integrity).toEqual([
      {
        databases: ['specs'],
        outcome: 'in step',
        mended: ['trigger integrity_fence_insert_user_id on public.projects is missing'],
        milliseconds: expect.any(Number),
      },
    ])
  })
})

describe('what else knows the databases', () => {
  test('Prisma’s own commands agree', async () => {
    await migrate()
    for (const database of ['auth', 'specs']) {
      const status = await project.prisma(database, ['migrate', 'status'])
      expect(status).toMatchObject({ exitCode: 0 })
      const diff = await project.prisma(database, [
        'migrate',
        'diff',
        '--from-config-datasource',
        '--to-schema',
        'prisma/schema.prisma',
        '--exit-code',
      ])
      expect(diff).toMatchObject({ exitCode: 0 })
      expect(await project.prisma(database, ['migrate', 'deploy'])).toMatchObject({ exitCode: 0 })
    }
  })

  test('drift, verify and stamp --verify see the histories’ own objects only', async () => {
    await migrate()
    for (const args of [['drift'], ['verify'], ['stamp', 'heads', '--verify']]) {
      expect(await project.db(args)).toMatchObject({ exitCode: 0 })
    }
  })
})

describe('removing it leaves no trace', () => {
  test('when everything is downgraded', async () => {
    await tenant.createDatabase(project.databaseName('specs'))
    await tenant.createDatabase(project.databaseName('auth'))
    const before = await Promise.all(['auth', 'specs'].map((name) => catalogsOf(project, name)))
    await migrate()
    const { exitCode, stderr } = await project.db(['downgrade', 'auth@base', '--cascade', '--yes'])
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    for (const [index, database] of ['auth', 'specs'].entries()) {
      await project.query(database, 'DROP TABLE _prisma_migrations')
      const after = await catalogsOf(project, database)
      expect(catalogDifferences(before[index] ?? new Map(), after)).toEqual([])
    }
  })

  test('when the catalog says so', async () => {
    project.write('databases.config.ts', catalog('undefined'))
    await migrate()
    const before = await Promise.all(['auth', 'specs'].map((name) => catalogsOf(project, name)))
    project.write('databases.config.ts', catalog('referenceIntegrity()'))
    await migrate()
    project.write('databases.config.ts', catalog('referenceIntegrity({ install: false })'))
    expect((await migrate()).stderr).toMatch(/integrity of specs \(removed\)/)
    for (const [index, database] of ['auth', 'specs'].entries()) {
      const after = await catalogsOf(project, database)
      expect(catalogDifferences(before[index] ?? new Map(), after)).toEqual([])
    }
    expect((await migrate()).stderr).toContain('Nothing to do.')
  })
})

describe('what hinders it is said', () => {
  test('a schema of that name that is something else’s', async () => {
    await tenant.createDatabase(project.databaseName('auth'))
    await project.query('auth', 'CREATE SCHEMA integrity; CREATE TABLE integrity.theirs (id integer)')
    expectFailure(await project.db(['migrate']), {
      code: 'companion.schema-taken',
      exitCode: 2,
      what: 'auth already has a schema integrity',
      why: 'a schema of that name to itself',
      fix: 'ALTER SCHEMA integrity RENAME',
    })
  })

  test('a newer release', async () => {
    await migrate()
    await project.query(
      'specs',
      `INSERT INTO integrity._prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', '1', 'b999_later', now());
       DROP TRIGGER integrity_fence_insert_user_id ON projects`,
    )
    expectFailure(await project.db(['migrate']), {
      code: 'companion.newer',
      exitCode: 2,
      what: 'b999_later',
      why: 'newer release',
      fix: 'in force elsewhere',
    })
  })

  test('a role that may not', async () => {
    await migrate()
    await project.query('specs', 'DROP TRIGGER integrity_fence_insert_user_id ON projects')
    await tenant.asAdmin('ALTER TABLE projects OWNER TO postgres', project.databaseName('specs'))
    expectFailure(await project.db(['migrate']), {
      code: 'server.right-missing',
      exitCode: 2,
      what: 'permission denied for table projects',
      why: 'own',
      fix: 'owner',
    })
    await tenant.asAdmin(`ALTER TABLE projects OWNER TO ${tenant.role}`, project.databaseName('specs'))
  })
})

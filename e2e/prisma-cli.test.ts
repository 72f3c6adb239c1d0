import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { datasource, makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

const pear = 'model Pear {\n  id   Int     @id\n  name String?\n}\n'
const plum = 'model Plum {\n  id Int @id\n}\n'
const createPear =
  'CREATE TABLE "Pear" (id int NOT NULL, name text, CONSTRAINT "Pear_pkey" PRIMARY KEY (id));'

let tenant: Tenant
let project: PrismaProject

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makePrismaProject(tenant.url(tenant.newName()), datasource + pear)
  project.migration('001_pear', createPear)
})
afterEach(() => project.dispose())

const tables = async (url = project.url): Promise<readonly string[]> =>
  (
    await query(
      url,
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    )
  ).map(({ name }) => String(name))

/** Runs a command that must succeed, and returns what it printed. */
async function prisma(...args: readonly string[]): Promise<string> {
  const result = await project.prisma(args)
  expect({ ...result, exitCode: result.exitCode }).toMatchObject({ exitCode: 0 })
  return result.stdout
}

describe('commands that need no database', () => {
  test('validate', async () => {
    expect(await prisma('validate')).toContain('is valid')
  })

  test('validate refuses an invalid schema', async () => {
    project.write('prisma/schema.prisma', `${datasource}model Pear {\n  id Int\n}\n`)
    const { exitCode, stderr } = await project.prisma(['validate'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('P1012')
  })

  test('format', async () => {
    project.write('prisma/schema.prisma', `${datasource}model Pear {\nid Int @id\n  name String?\n}\n`)
    await prisma('format')
    expect(project.read('prisma/schema.prisma')).toContain('\n  id   Int     @id\n')
  })

  test('generate', async () => {
    const generator = 'generator client {\n  provider = "prisma-client"\n  output = "../generated"\n}\n'
    project.write('prisma/schema.prisma', datasource + generator + pear)
    await prisma('generate')
    expect(project.exists('generated/client.ts')).toBe(true)
  })
})

describe('migrate', () => {
  test('deploy creates the database, applies what is pending and then has nothing to do', async () => {
    expect(await prisma('migrate', 'deploy')).toContain('All migrations have been successfully applied')
    expect(await tables()).toEqual(['public.Pear', 'public._prisma_migrations'])
    expect(await prisma('migrate', 'deploy')).toContain('No pending migrations to apply')
  })

  test('status tells pending from applied', async () => {
    await tenant.createDatabase(new URL(project.url).pathname.slice(1))
    const pending = await project.prisma(['migrate', 'status'])
    expect(pending).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('001_pear') })
    await prisma('migrate', 'deploy')
    expect(await prisma('migrate', 'status')).toContain('Database schema is up to date')
  })

  test('dev applies what is pending, writes what is new, and leaves no shadow database', async () => {
    project.write('prisma/schema.prisma', datasource + pear + plum)
    const { stdout, exitCode } = await project.prisma(['migrate', 'dev', '--name', 'plum'], {
      terminal: true,
    })
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    const [first, second = ''] = project.migrations()
    expect([first, second]).toEqual(['001_pear', expect.stringMatching(/^\d{14}_plum$/)])
    expect(project.read(`prisma/migrations/${second}/migration.sql`)).toContain('CREATE TABLE "Plum"')
    expect(await tables()).toEqual(['public.Pear', 'public.Plum', 'public._prisma_migrations'])
    expect(
      await tenant.asAdmin(
        `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%' AND datdba = '${tenant.role}'::regrole`,
      ),
    ).toEqual([])
  })

  test('dev --create-only writes without applying', async () => {
    await prisma('migrate', 'deploy')
    project.write('prisma/schema.prisma', datasource + pear + plum)
    const args = ['migrate', 'dev', '--create-only', '--name', 'plum']
    expect(await project.prisma(args, { terminal: true })).toMatchObject({ exitCode: 0 })
    expect(project.migrations()).toHaveLength(2)
    expect(await tables()).not.toContain('public.Plum')
  })

  test('dev works in a fixed shadow database and empties it', async () => {
    const shadow = tenant.newName()
    await tenant.createDatabase(shadow)
    await query(tenant.url(shadow), 'CREATE SCHEMA old; CREATE TABLE old.t (); CREATE TABLE "Pear" ();')
    project.write('prisma/schema.prisma', datasource + pear + plum)
    for (const name of ['plum', 'again']) {
      const { exitCode, stdout } = await project.prisma(['migrate', 'dev', '--name', name], {
        terminal: true,
        env: { SHADOW_DATABASE_URL: tenant.url(shadow) },
      })
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
    }
    expect(project.migrations()).toHaveLength(2)
    expect(await tables(tenant.url(shadow))).not.toContain('old.t')
  })

  test('resolve --applied records a migration that is there already', async () => {
    await tenant.createDatabase(new URL(project.url).pathname.slice(1))
    await query(project.url, createPear)
    await prisma('migrate', 'resolve', '--applied', '001_pear')
    expect(await prisma('migrate', 'status')).toContain('up to date')
    const twice = await project.prisma(['migrate', 'resolve', '--applied', '001_pear'])
    expect(twice).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P3008') })
  })

  test('resolve --rolled-back lets a failed migration be tried again', async () => {
    project.migration('002_plum', 'CREATE TABLE "Plum" (id int); CREATE TABLE "Pear" ();')
    expect(await project.prisma(['migrate', 'deploy'])).toMatchObject({ exitCode: 1 })
    const refused = await project.prisma(['migrate', 'deploy'])
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P3009') })
    await prisma('migrate', 'resolve', '--rolled-back', '002_plum')
    project.migration('002_plum', 'CREATE TABLE "Plum" (id int);')
    await prisma('migrate', 'deploy')
    expect(await tables()).toContain('public.Plum')
    const applied = await project.prisma(['migrate', 'resolve', '--rolled-back', '001_pear'])
    expect(applied).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('P3012') })
  })

  test('reset drops everything and applies the history anew', async () => {
    await prisma('migrate', 'deploy')
    await query(project.url, 'CREATE TABLE stray (); INSERT INTO "Pear" VALUES (1)')
    await prisma('migrate', 'reset', '--force')
    expect(await tables()).toEqual(['public.Pear', 'public._prisma_migrations'])
    expect(await query(project.url, 'SELECT * FROM "Pear"')).toEqual([])
  })
})

describe('db', () => {
  test('push makes the database what the schema says, and warns before it loses data', async () => {
    await prisma('db', 'push')
    await query(project.url, `INSERT INTO "Pear" VALUES (1, 'Conference')`)
    project.write('prisma/schema.prisma', `${datasource}model Pear {\n  id Int @id\n}\n`)
    const warned = await project.prisma(['db', 'push'])
    expect(warned.exitCode).not.toBe(0)
    expect(await query(project.url, 'SELECT name FROM "Pear"')).toEqual([{ name: 'Conference' }])
    await prisma('db', 'push', '--accept-data-loss')
    expect(await query(project.url, 'SELECT * FROM "Pear"')).toEqual([{ id: 1 }])
  })

  test('pull writes the schema of a database with every kind of constraint', async () => {
    await tenant.createDatabase(new URL(project.url).pathname.slice(1))
    await query(
      project.url,
      `CREATE TYPE colour AS ENUM ('green', 'red');
       CREATE TABLE tree (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), height numeric(5, 2) CHECK (height > 0));
       CREATE TABLE fruit (
         id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tree_id uuid NOT NULL REFERENCES tree ON DELETE CASCADE,
         colour colour NOT NULL DEFAULT 'green', tags text[] NOT NULL DEFAULT '{}', UNIQUE (tree_id, colour));
       CREATE INDEX fruit_tags ON fruit USING gin (tags)`,
    )
    await prisma('db', 'pull')
    const schema = project.read('prisma/schema.prisma')
    expect(schema).toContain('@relation(fields: [tree_id], references: [id], onDelete: Cascade')
    expect(schema).toContain('@@unique([tree_id, colour])')
    expect(schema).toContain('@@index([tags], map: "fruit_tags", type: Gin)')
    expect(schema).toMatch(/enum colour \{\n {2}green\n {2}red\n\}/)
    expect(schema).toContain('@default(dbgenerated("gen_random_uuid()")) @db.Uuid')
  })

  test('execute runs a file and standard input', async () => {
    await tenant.createDatabase(new URL(project.url).pathname.slice(1))
    project.write(
      'first.sql',
      `CREATE TABLE "Pear" (id int, name text); INSERT INTO "Pear" VALUES (1, 'a;b');`,
    )
    await prisma('db', 'execute', '--file', 'first.sql')
    const insert = `INSERT INTO "Pear" VALUES (2, $$c;d$$);`
    expect(await project.prisma(['db', 'execute', '--stdin'], { stdin: insert })).toMatchObject({
      exitCode: 0,
    })
    expect(await query(project.url, 'SELECT name FROM "Pear" ORDER BY id')).toEqual([
      { name: 'a;b' },
      { name: 'c;d' },
    ])
  })
})

test('studio starts and serves', async () => {
  await prisma('migrate', 'deploy')
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const { child, result } = project.startPrisma(['studio', '--port', String(port), '--browser', 'none'])
  try {
    const page = await eventually(() => fetch(`http://127.0.0.1:${port}/`))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<!')
  } finally {
    child.kill()
    await result
  }
})

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

test('the command works where scripts are no executables, as on Windows', async () => {
  const env = { SCHEMA_ENGINE_SPAWN_THROUGH_NODE: '1' }
  expect(await project.prisma(['migrate', 'deploy'], { env })).toMatchObject({ exitCode: 0 })
  expect(await project.prisma(['migrate', 'status'], { env })).toMatchObject({ exitCode: 0 })
})

test("a binary of the user's own wins", async () => {
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/nowhere/schema-engine' }
  const { exitCode, stderr } = await project.prisma(['migrate', 'status'], { env })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('/nowhere/schema-engine')
})

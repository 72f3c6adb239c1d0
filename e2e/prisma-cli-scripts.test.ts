import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { datasource, makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

const pear = 'model Pear {\n  id   Int     @id\n  name String?\n}\n'
const createPear =
  'CREATE TABLE "Pear" (id int NOT NULL, name text, CONSTRAINT "Pear_pkey" PRIMARY KEY (id));'

let tenant: Tenant
let database: string
let project: PrismaProject

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  database = tenant.newName()
  await tenant.createDatabase(database)
  project = makePrismaProject(tenant.url(database), datasource + pear)
  project.migration('001_pear', createPear)
})
afterEach(() => project.dispose())

const deploy = (env: Readonly<Record<string, string>> = {}) => project.prisma(['migrate', 'deploy'], { env })

const withSchema = (schema: string): string => {
  const url = new URL(project.url)
  url.searchParams.set('schema', schema)
  return url.href
}

describe('a script', () => {
  test('may hold function bodies, semicolons in literals and statements in comments', async () => {
    project.migration(
      '002_functions',
      `-- DROP TABLE "Pear"; /* ; */
       CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
       BEGIN
         IF n IS NULL THEN RETURN 0; END IF;
         RETURN n * 2;
       END $$;
       CREATE FUNCTION thrice(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT n; SELECT n * 3; END;
       DO $body$ BEGIN PERFORM twice(1); EXECUTE 'SELECT '';'''; END $body$;
       INSERT INTO "Pear" VALUES (1, 'a;b'), (2, E'it''s;\\n'), (3, $q$;$q$);`,
    )
    expect(await deploy()).toMatchObject({ exitCode: 0 })
    expect(await query(project.url, 'SELECT twice(2) AS two, thrice(2) AS three')).toEqual([
      { two: 4, three: 6 },
    ])
    expect(await query(project.url, 'SELECT name FROM "Pear" ORDER BY id')).toEqual([
      { name: 'a;b' },
      { name: "it's;\n" },
      { name: ';' },
    ])
  })

  test('may be CREATE INDEX CONCURRENTLY alone', async () => {
    project.migration('002_index', 'CREATE INDEX CONCURRENTLY pear_name ON "Pear" (name);')
    expect(await deploy()).toMatchObject({ exitCode: 0 })
    expect(
      await query(project.url, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'pear_name'::regclass`),
    ).toEqual([{ indisvalid: true }])
  })

  test('may say that it runs without a transaction', async () => {
    project.migration(
      '002_values',
      `-- transaction: none
       CREATE TYPE colour AS ENUM ('green');
       ALTER TYPE colour ADD VALUE 'red';
       ALTER TABLE "Pear" ADD COLUMN colour colour DEFAULT 'red';
       CREATE INDEX CONCURRENTLY pear_colour ON "Pear" (colour);`,
    )
    expect(await deploy()).toMatchObject({ exitCode: 0 })
  })

  test('that fails leaves nothing behind but its row, and is shown with the place and code of the error', async () => {
    project.migration('002_bad', 'CREATE TABLE first ();\nCREATE TABLE\n  "Pear" (;')
    const { exitCode, stderr } = await deploy()
    expect(exitCode).toBe(1)
    expect(stderr).toContain('P3018')
    expect(stderr).toContain('Migration name: 002_bad')
    expect(stderr).toContain('Database error code: 42601')
    expect(stderr).toContain('ERROR: syntax error at or near ";"')
    expect(stderr).toContain(' 3>   "Pear" (;')
    expect(await query(project.url, `SELECT to_regclass('first') AS first`)).toEqual([{ first: null }])
    expect(
      await query(
        project.url,
        `SELECT logs LIKE '%syntax error%' AS logged FROM _prisma_migrations
          WHERE migration_name = '002_bad' AND finished_at IS NULL`,
      ),
    ).toEqual([{ logged: true }])
  })

  test('is named when it fails in the shadow database', async () => {
    project.migration('002_bad', 'ALTER TABLE nowhere ADD COLUMN a int;')
    const { exitCode, stderr } = await project.prisma([
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-empty',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('P3006')
    expect(stderr).toContain('002_bad')
    expect(stderr).toContain('relation "nowhere" does not exist')
  })
})

describe('several PostgreSQL schemas', () => {
  test('of ?schema= each have tables and a ledger of their own, and are created', async () => {
    for (const schema of ['orchard', 'cellar']) {
      expect(await deploy({ DATABASE_URL: withSchema(schema) })).toMatchObject({ exitCode: 0 })
    }
    expect(
      await query(
        project.url,
        `SELECT schemaname AS schema, tablename AS table FROM pg_tables
          WHERE schemaname IN ('orchard', 'cellar', 'public') ORDER BY 1, 2`,
      ),
    ).toEqual(
      ['cellar', 'orchard'].flatMap((schema) => [
        { schema, table: 'Pear' },
        { schema, table: '_prisma_migrations' },
      ]),
    )
    const env = { DATABASE_URL: withSchema('orchard') }
    expect(await project.prisma(['migrate', 'status'], { env })).toMatchObject({ exitCode: 0 })
    const diff = ['migrate', 'diff', '--exit-code', '--to-schema', 'prisma/schema.prisma']
    expect(await project.prisma([...diff, '--from-config-datasource'], { env })).toMatchObject({
      exitCode: 0,
    })
    expect(await project.prisma([...diff, '--from-migrations', 'prisma/migrations'], { env })).toMatchObject({
      exitCode: 0,
    })
  })

  test('with a name in capitals and letters beyond ASCII', async () => {
    const env = { DATABASE_URL: withSchema('Süd West') }
    expect(await deploy(env)).toMatchObject({ exitCode: 0 })
    expect(await project.prisma(['migrate', 'status'], { env })).toMatchObject({ exitCode: 0 })
  })

  test('of the schemas list are migrated together and compared completely', async () => {
    project.write(
      'prisma/schema.prisma',
      `datasource db {
  provider = "postgresql"
  schemas  = ["orchard", "cellar"]
}
model Pear {
  id  Int  @id
  jar Jar?
  @@schema("orchard")
}
model Jar {
  id     Int  @id
  pearId Int  @unique
  pear   Pear @relation(fields: [pearId], references: [id])
  @@schema("cellar")
}
`,
    )
    project.migration('001_pear', 'SELECT 1;')
    const { exitCode, stdout } = await project.prisma(['migrate', 'dev', '--name', 'two'], { terminal: true })
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
    const agree = ['migrate', 'diff', '--exit-code', '--to-schema', 'prisma/schema.prisma']
    expect(await project.prisma([...agree, '--from-config-datasource'])).toMatchObject({ exitCode: 0 })
    expect(await project.prisma([...agree, '--from-migrations', 'prisma/migrations'])).toMatchObject({
      exitCode: 0,
    })
    await query(project.url, 'ALTER TABLE cellar."Jar" ADD COLUMN label text')
    expect(await project.prisma([...agree, '--from-config-datasource'])).toMatchObject({ exitCode: 2 })
  })
})

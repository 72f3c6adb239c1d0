import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type TestDatabase, testServer } from '@manybase/local-postgres/testing'
import { Client } from 'pg'
import { type Engine, type Migration, openEngine, type SchemaFile, type Side } from './index.ts'

const header = 'datasource db {\n  provider = "postgresql"\n}\n'
const files: SchemaFile[] = [
  ['schema.prisma', `${header}model Pear {\n  id   Int    @id\n  name String\n}\n`],
]
const schema: Side = { kind: 'schema', files }
const script = 'CREATE TABLE "Pear" (id int NOT NULL, CONSTRAINT "Pear_pkey" PRIMARY KEY (id));'
const migrations = [{ name: '001_pear', script }]
const history: Side = { kind: 'history', migrations }

let database: TestDatabase
let engine: Engine

beforeEach(async () => {
  database = await (await testServer()).createDatabase()
  engine = await openEngine({ url: database.url })
})
afterEach(async () => {
  await engine.close()
  await database.drop()
})

async function sql(text: string, url = database.url): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const shadows = async () =>
  await sql(`SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%'`)

describe('the difference', () => {
  test('between a history and a schema is SQL that closes it', async () => {
    const difference = await engine.diffSql(history, schema)
    expect(difference).toContain('ALTER TABLE "Pear" ADD COLUMN     "name" TEXT NOT NULL')
    const closed: Side = { kind: 'history', migrations: [...migrations, { name: '002', script: difference }] }
    expect(await engine.diffSql(closed, schema)).toBe('')
    expect(await engine.diffSummary(closed, schema)).toEqual({
      text: 'No difference detected.',
      differs: false,
    })
  })

  test('between the database and a schema is seen in both directions', async () => {
    await sql(script)
    const there = await engine.diffSummary({ kind: 'database' }, schema)
    expect(there).toEqual({ text: expect.stringContaining('Added column `name`'), differs: true })
    const back = await engine.diffSummary(schema, { kind: 'database' })
    expect(back).toEqual({ text: expect.stringContaining('Removed column `name`'), differs: true })
  })

  test('leaves no shadow database behind', async () => {
    await engine.diffSql(history, { kind: 'empty' })
    await engine.close()
    expect(await shadows()).toEqual([])
  })

  test('names the failing migration', async () => {
    const broken: Side = {
      kind: 'history',
      migrations: [{ name: '001_broken', script: 'CREATE TABEL x ()' }],
    }
    await expect(engine.diffSql(broken, { kind: 'empty' })).rejects.toMatchObject({
      code: 'engine.refused',
      meta: { code: 'P3006', reason: expect.stringContaining('001_broken') },
    })
  })
})

test('leftover shadow databases of a session that is gone are dropped, and others are not', async () => {
  const leftover = 'prisma_migrate_shadow_db_1_1000000000000000'
  const foreign = 'prisma_migrate_shadow_db_of_somebody_else'
  await sql(`CREATE DATABASE ${leftover}`)
  await sql(`CREATE DATABASE ${foreign}`)
  try {
    await engine.diffSql(history, { kind: 'empty' })
    await engine.close()
    expect(await shadows()).toEqual([{ datname: foreign }])
  } finally {
    await sql(`DROP DATABASE ${foreign}`)
  }
})

describe('a fixed shadow database', () => {
  let shadow: TestDatabase
  beforeEach(async () => {
    shadow = await (await testServer()).createDatabase()
  })
  afterEach(() => shadow.drop())

  const diffWith = async (shadowDatabaseUrl: string) => {
    const other = await openEngine({ url: database.url, shadowDatabaseUrl })
    try {
      return await other.diffSql(history, schema)
    } finally {
      await other.close()
    }
  }

  test('is emptied before each use', async () => {
    await sql('CREATE SCHEMA old; CREATE TABLE old.t (); CREATE TABLE "Pear" ();', shadow.url)
    const first = await diffWith(shadow.url)
    expect(await diffWith(shadow.url)).toBe(first)
    expect(await sql(`SELECT FROM pg_namespace WHERE nspname = 'old'`, shadow.url)).toEqual([])
  })

  test('is not emptied when it has a migration history', async () => {
    await sql('CREATE TABLE _prisma_migrations (id int)', shadow.url)
    await expect(diffWith(shadow.url)).rejects.toMatchObject({
      code: 'engine.refused',
      why: expect.stringContaining('is no shadow database and is not emptied'),
    })
  })

  test('is not the main database under another name', async () => {
    await sql('CREATE TABLE kept ()')
    const alias = new URL(database.url)
    alias.searchParams.set('application_name', 'alias')
    await expect(diffWith(alias.href)).rejects.toMatchObject({
      code: 'engine.refused',
      why: expect.stringContaining('the main database itself'),
    })
    expect(await sql(`SELECT to_regclass('kept')::text AS kept`)).toEqual([{ kept: 'kept' }])
  })
})

test('introspection writes the database as a Prisma schema', async () => {
  await sql(script)
  const { files: found } = await engine.introspect([['schema.prisma', header]])
  expect(found).toEqual([['schema.prisma', expect.stringMatching(/model Pear \{\n {2}id Int @id\n\}/)]])
})

describe('the loss of data', () => {
  test('is foreseen', async () => {
    await apply(migrations)
    await sql('INSERT INTO "Pear" VALUES (1)')
    expect(await engine.evaluateDataLoss(migrations, files)).toEqual({
      steps: 1,
      warnings: [],
      unexecutable: [{ message: expect.stringContaining('Added the required column `name`'), step: 0 }],
    })
  })

  test('is not foreseen for a history that is not the one applied', async () => {
    await expect(engine.evaluateDataLoss(migrations, files)).rejects.toMatchObject({
      code: 'engine.refused',
      why: 'The history is not what the ledger of the database has as applied.',
    })
  })
})

/** Applies migrations and records them in Prisma's ledger. */
async function apply(list: readonly Migration[]): Promise<void> {
  await sql(`CREATE TABLE _prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`)
  for (const { name, script } of list) {
    const checksum = createHash('sha256').update(script).digest('hex')
    await sql(`${script} INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
      VALUES (gen_random_uuid(), '${checksum}', now(), '${name}')`)
  }
}

test('a database that is not there is said in the words of Prisma', async () => {
  const url = new URL(database.url)
  url.pathname = '/nowhere'
  await expect(openEngine({ url: url.href })).rejects.toMatchObject({
    code: 'engine.refused',
    meta: { code: 'P1003' },
  })
})

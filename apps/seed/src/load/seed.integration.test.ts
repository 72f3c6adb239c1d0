import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type TestDatabase, testServer } from '@manybase/local-postgres/testing'
import { references } from '@socrates/db-specs/catalog'
import pg from 'pg'
import { fixtureNames, seedFixture } from '../fixture/seed-fixture.ts'
import { databases, type Places, seed } from './seed.ts'

const settings = { seed: 3, users: 150, until: Date.UTC(2026, 10, 1) }
const packages = fileURLToPath(new URL('../../../../packages/', import.meta.url))
const made: TestDatabase[] = []

async function makePlaces(): Promise<Places> {
  const [auth, specs] = [await migrated('db-auth'), await migrated('db-specs')]
  made.push(auth, specs)
  return { auth: { url: auth.url }, specs: { url: specs.url } }
}

async function migrated(name: string): Promise<TestDatabase> {
  const database = await (await testServer()).createDatabase()
  const migrations = join(packages, name, 'prisma/migrations')
  const folders = readdirSync(migrations, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const folder of folders.map((entry) => entry.name).sort())
    await ask(database.url, readFileSync(join(migrations, folder, 'migration.sql'), 'utf8'))
  return database
}

async function ask(url: string, sql: string): Promise<readonly pg.QueryResultRow[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<pg.QueryResultRow>(sql)).rows
  } finally {
    await client.end()
  }
}

afterAll(async () => {
  for (const database of made) await database.drop()
})

/** A digest of every table's rows, in the order in which they were written. */
async function digests(places: Places): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const [{ tables }, key] of databases) {
    for (const { name } of tables) {
      const sql = `SELECT md5(coalesce(string_agg(t::text, '' ORDER BY ctid), '')) AS digest FROM ${name} t`
      found[name] = (await ask(places[key].url, sql))[0]?.digest
    }
  }
  return found
}

describe('seeding both databases', () => {
  let places: Places
  let loaded: Awaited<ReturnType<typeof seed>>

  beforeAll(async () => {
    places = await makePlaces()
    loaded = await seed(places, settings)
  })

  test('fills every table there is, with the rows that it says', async () => {
    for (const [{ tables, name: database }, key] of databases) {
      const there = await ask(
        places[key].url,
        "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      )
      expect(tables.map(({ name }) => name).sort()).toEqual(there.map(({ name }) => name).sort())
      const report = loaded.find((each) => each.database === database)
      for (const { name } of tables) {
        const [count] = await ask(places[key].url, `SELECT count(*)::int AS rows FROM ${name}`)
        expect([name, report?.tables[name]]).toEqual([name, count?.rows])
        expect(count?.rows).toBeGreaterThan(0)
      }
    }
  })

  test('writes every column', async () => {
    for (const [{ tables }, key] of databases) {
      for (const { name, columns } of tables) {
        const there = await ask(
          places[key].url,
          `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${name}'::regclass AND attnum > 0`,
        )
        expect([name, Object.keys(columns)]).toEqual([name, there.map((column) => column.name)])
      }
    }
  })

  test('leaves no reference across the databases without its user', async () => {
    const users = await ask(places.auth.url, 'SELECT id FROM users')
    const known = new Set(users.map(({ id }) => id))
    const orphans: unknown[] = []
    let named = 0
    for (const reference of references) {
      const { table, column } = reference
      const rows = await ask(
        places.specs.url,
        `SELECT DISTINCT ${column} AS id FROM ${table} WHERE ${column} IS NOT NULL`,
      )
      named += rows.length
      orphans.push(...rows.filter(({ id }) => !known.has(id)).map(({ id }) => `${table}.${column} ${id}`))
    }
    expect(references.length).toBeGreaterThan(20)
    expect(named).toBeGreaterThan(settings.users)
    expect(orphans).toEqual([])
  })

  test('writes the same rows for the same seed', async () => {
    const again = await makePlaces()
    await seed(again, settings)
    const [first, second] = [await digests(places), await digests(again)]
    expect(second).toEqual(first)
  })

  test('refuses databases with rows, and leaves them as they are', async () => {
    const before = await digests(places)
    await expect(seed(places, settings)).rejects.toMatchObject({ code: 'seed.not-empty' })
    expect(await digests(places)).toEqual(before)
  })
})

describe('a seed that fails', () => {
  test('keeps nothing in either database', async () => {
    const places = await makePlaces()
    // The last table of all: everything else is loaded by then.
    await ask(
      places.specs.url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'disk full'; END$$;
       CREATE TRIGGER refuse BEFORE INSERT ON activity_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse()`,
    )
    await expect(seed(places, settings)).rejects.toMatchObject({
      code: 'seed.failed',
      what: expect.stringContaining('disk full'),
    })
    const rows = await Promise.all([
      ask(places.auth.url, 'SELECT 1 FROM users'),
      ask(places.specs.url, 'SELECT 1 FROM projects'),
    ])
    expect(rows).toEqual([[], []])
  })
})

describe('two seeds at the same time', () => {
  test('one wins, the other finds its rows', async () => {
    const places = await makePlaces()
    const small = { ...settings, users: 10 }
    const ends = await Promise.allSettled([seed(places, small), seed(places, small)])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({ code: 'seed.not-empty' })
  })
})

describe('fixtures', () => {
  test.each(fixtureNames)('%s fits the tables', async (name) => {
    const places = await makePlaces()
    const { ada } = await seedFixture(name, places)
    expect(await ask(places.auth.url, 'SELECT id FROM users ORDER BY id LIMIT 1')).toEqual([{ id: ada }])
  })

  test('a team has a user of each role, and a stranger', async () => {
    const places = await makePlaces()
    const { bob, eve } = await seedFixture('team', places)
    const members = await ask(places.specs.url, 'SELECT user_id, role FROM team_members ORDER BY user_id')
    expect(members.map(({ role }) => role)).toEqual(['owner', 'admin', 'member', 'viewer'])
    expect(members[1]?.user_id).toBe(bob)
    expect(members.some(({ user_id }) => user_id === eve)).toBe(false)
  })
})

import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import { connect } from './testing/migrated-database.ts'

const packages = new URL('../../', import.meta.url)

async function filesOf(name: string): Promise<Map<string, string>> {
  const source = new URL(`${name}/src/`, packages)
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`)
  const contents = await Promise.all(
    files.map(async (file) => [file.replace(/^.*\/src\/+/, ''), await readFile(file, 'utf8')] as const),
  )
  return new Map(contents)
}

/** Tables and indexes of a history that is applied to a database of its own. */
async function sizeOf(name: string): Promise<{ tables: number; indexes: number }> {
  await using place = await (await testServer()).createDatabase()
  await using client = await connect(place.url)
  const migrations = new URL(`${name}/prisma/migrations/`, packages)
  for (const revision of (await readdir(migrations)).sort()) {
    if (revision.endsWith('.toml')) continue
    await client.query(await readFile(new URL(`${revision}/migration.sql`, migrations), 'utf8'))
  }
  const { rows } = await client.query<{ tables: number; indexes: number }>(
    `SELECT count(*) FILTER (WHERE relkind = 'r')::int AS tables, count(*) FILTER (WHERE relkind = 'i')::int AS indexes
     FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
  )
  return rows[0] ?? { tables: 0, indexes: 0 }
}

describe('the two databases together', () => {
  test('have 5 and 24 tables, and more than 200 indexes', async () => {
    const [auth, specs] = [await sizeOf('db-auth'), await sizeOf('db-specs')]
    expect([auth.tables, specs.tables]).toEqual([5, 24])
    expect(auth.indexes + specs.indexes).toBeGreaterThan(200)
  })

  test('come in packages of the same shape, equal but for names and for what a test inserts', async () => {
    const [auth, specs] = [await filesOf('db-auth'), await filesOf('db-specs')]
    const own = new Set(['both-databases.integration.test.ts'])
    expect([...specs.keys()].filter((file) => !own.has(file)).sort()).toEqual([...auth.keys()].sort())
    const asAuth = (text: string) =>
      text
        .replaceAll('Specs', 'Auth')
        .replaceAll('SPECS', 'AUTH')
        .replaceAll('socrates_specs', 'socrates_auth')
    for (const [file, text] of auth) {
      if (/^client\.integration|^consumers\.integration|^testing\/sample/.test(file)) continue
      expect([file, asAuth(specs.get(file) ?? '')]).toEqual([file, text])
    }
  })
})

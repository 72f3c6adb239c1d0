import { describe, expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import { catalogDifferences, catalogSnapshot } from '@manybase/migrator/testing'
import type pg from 'pg'
import { database } from './database.ts'
import { header, readHistory } from './testing/history.ts'
import { connect } from './testing/migrated-database.ts'

const history = await readHistory()

async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY oid`,
  )
  return rows.map((row) => row.name)
}

describe(`the history of ${database.name}`, () => {
  test('goes up, down without a trace, and up to the same again, revision by revision', async () => {
    await using place = await (await testServer()).createDatabase()
    await using client = await connect(place.url)
    for (const { name, up, down } of history) {
      const before = await catalogSnapshot(client)
      await client.query(up)
      const first = await catalogSnapshot(client)
      await client.query(down)
      expect({ name, left: catalogDifferences(before, await catalogSnapshot(client)) }).toEqual({
        name,
        left: [],
      })
      await client.query(up)
      expect({ name, other: catalogDifferences(first, await catalogSnapshot(client)) }).toEqual({
        name,
        other: [],
      })
      expect(first.size).toBeGreaterThan(before.size)
    }
  })

  test('goes down from head to nothing', async () => {
    await using place = await (await testServer()).createDatabase()
    await using client = await connect(place.url)
    const before = await catalogSnapshot(client)
    for (const { up } of history) await client.query(up)
    for (const { down } of history.toReversed()) await client.query(down)
    expect(catalogDifferences(before, await catalogSnapshot(client))).toEqual([])
  })

  test('lives in whatever PostgreSQL schema it is applied to', async () => {
    await using place = await (await testServer()).createDatabase()
    await using client = await connect(place.url)
    await client.query('CREATE SCHEMA elsewhere; SET search_path = elsewhere')
    const before = await catalogSnapshot(client)
    for (const { up } of history) await client.query(up)
    const added = catalogDifferences(before, await catalogSnapshot(client))
    expect(added.filter(({ object }) => object.includes('public.'))).toEqual([])
    for (const { down } of history.toReversed()) await client.query(down)
    expect(catalogDifferences(before, await catalogSnapshot(client))).toEqual([])
  })

  test('says in each header which tables it creates, and where', async () => {
    await using place = await (await testServer()).createDatabase()
    await using client = await connect(place.url)
    for (const revision of history) {
      const before = new Set(await tables(client))
      await client.query(revision.up)
      const created = (await tables(client)).filter((name) => !before.has(name))
      expect([revision.name, header(revision, 'creates')]).toEqual([revision.name, created.join(', ')])
      expect([revision.name, header(revision, 'database')]).toEqual([revision.name, database.name])
    }
  })
})

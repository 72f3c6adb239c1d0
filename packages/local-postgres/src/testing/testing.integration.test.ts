import { describe, expect, test } from '@jest/globals'
import { templateDatabase, testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the test server', () => {
  test('answers with the version that it claims', async () => {
    const server = await testServer()
    const rows = await query(
      server.adminUrl,
      "SELECT split_part(current_setting('server_version'), ' ', 1) AS v",
    )
    expect(rows).toEqual([{ v: server.version }])
  })

  test('gives every test a database of its own, in UTF-8', async () => {
    const server = await testServer()
    const [one, other] = await Promise.all([server.createDatabase(), server.createDatabase()])
    expect(one.name).not.toBe(other.name)
    await query(one.url, 'CREATE TABLE mine (id int)')
    expect(await query(other.url, "SELECT to_regclass('mine') AS found")).toEqual([{ found: null }])
    expect(await query(one.url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
    await Promise.all([one.drop(), other.drop()])
  })

  test('drops a database that somebody is still connected to', async () => {
    const server = await testServer()
    const database = await server.createDatabase()
    const client = new pg.Client({ connectionString: database.url })
    const lost = new Promise<Error>((resolve) => client.on('error', resolve))
    await client.connect()
    await database.drop()
    expect((await lost).message).toMatch(/terminat/)
    const left = await query(server.adminUrl, `SELECT 1 FROM pg_database WHERE datname = '${database.name}'`)
    expect(left).toEqual([])
  })
})

describe('a template database', () => {
  test('is built once, however many ask at once, and cloned with its content', async () => {
    const server = await testServer()
    let built = 0
    const ask = () =>
      templateDatabase('content', async (database) => {
        built += 1
        await query(database.url, "CREATE TABLE t AS SELECT 'from the template' AS text")
      })
    const names = await Promise.all([ask(), ask(), ask()])
    expect(new Set(names).size).toBe(1)
    expect(built).toBe(1)
    const clones = await Promise.all(names.map((template) => server.createDatabase({ template })))
    for (const clone of clones) {
      expect(await query(clone.url, 'SELECT text FROM t')).toEqual([{ text: 'from the template' }])
      await clone.drop()
    }
  })

  test('can be cloned although its builder left a connection open', async () => {
    const server = await testServer()
    const clients: pg.Client[] = []
    const template = await templateDatabase('left open', async (database) => {
      const client = new pg.Client({ connectionString: database.url })
      client.on('error', () => {})
      await client.connect()
      await client.query('CREATE TABLE t (id int)')
      clients.push(client)
    })
    const clone = await server.createDatabase({ template })
    expect(await query(clone.url, 'SELECT * FROM t')).toEqual([])
    await clone.drop()
    expect(clients).toHaveLength(1)
  })

  test('is built again after a builder that failed', async () => {
    const fails = templateDatabase('fails first', async (database) => {
      await query(database.url, 'CREATE TABLE half (id int)')
      throw new Error('no')
    })
    await expect(fails).rejects.toThrow('no')
    const template = await templateDatabase('fails first', async (database) => {
      await query(database.url, 'CREATE TABLE whole (id int)')
    })
    const clone = await (await testServer()).createDatabase({ template })
    expect(await query(clone.url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }])
    await clone.drop()
  })
})

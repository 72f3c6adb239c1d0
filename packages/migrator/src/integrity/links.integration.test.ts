import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type TestDatabase, testServer } from '@manybase/local-postgres/testing'
import pg from 'pg'
import type { Target } from '../catalog/target.ts'
import { parseDatabaseUrl } from '../catalog/url.ts'
import { fromVariable } from '../config.ts'
import { withSessions } from './links.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await (await testServer()).createDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('CREATE SCHEMA integrity; CREATE TABLE integrity.delete_log ()')
  await client.end()
})
afterAll(() => database.drop())

const target = (): Target => ({
  name: 'auth',
  label: 'auth',
  directory: '.',
  schemaFile: 'schema.prisma',
  migrations: 'migrations',
  client: 'client',
  source: fromVariable('URL_OF_AUTH'),
  connection: parseDatabaseUrl(database.url, 'URL_OF_AUTH'),
  origin: 'URL_OF_AUTH (environment)',
})
const link = { source: 'auth', referencing: 'specs', columns: [] }

/** Runs a statement in a session of the referenced side. */
const running = (sql: string) =>
  withSessions({ targets: new Map([['auth', target()]]) }, 'test', async (open) => {
    const session = await open(link, 'referenced')
    await session.query(sql)
  })

test('a server that ends a session in the middle is named', async () => {
  await expect(running('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
    code: 'server.refused',
    what: expect.stringContaining('auth'),
  })
})

test('what else goes wrong passes as it is', async () => {
  await expect(running('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
})

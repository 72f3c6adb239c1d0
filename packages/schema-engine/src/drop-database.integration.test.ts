import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type TestDatabase, testServer } from '@manybase/local-postgres/testing'
import { Client } from 'pg'
import { dropDatabase } from './drop-database.ts'

let database: TestDatabase
let owner: Client
const [role, name] = [`dropper_${process.pid}`, `dropped_${process.pid}`]

beforeEach(async () => {
  database = await (await testServer()).createDatabase()
  const admin = await connect(database.url)
  await admin.query(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'dropper'`)
  await admin.query(`GRANT ${role} TO CURRENT_USER`)
  await admin.query(`CREATE DATABASE ${name} OWNER ${role}`)
  await admin.end()
  owner = await connect(at({ user: role, password: 'dropper' }))
})
afterEach(async () => {
  await owner.end()
  const admin = await connect(database.url)
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.query(`DROP ROLE ${role}`)
  await admin.end()
  await database.drop()
})

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function at({ user, password, path }: { user?: string; password?: string; path?: string }): string {
  const url = new URL(database.url)
  if (user !== undefined) url.username = user
  if (password !== undefined) url.password = password
  if (path !== undefined) url.pathname = path
  return url.href
}

const exists = async () =>
  (await owner.query('SELECT FROM pg_database WHERE datname = $1', [name])).rows.length > 0

test('a database goes with the sessions in it', async () => {
  await connect(at({ user: role, password: 'dropper', path: name }))
  await dropDatabase((sql) => owner.query(sql), name)
  expect(await exists()).toBe(false)
  await dropDatabase((sql) => owner.query(sql), name)
})

test('a session of a superuser, as autovacuum’s, is waited for', async () => {
  await connect(at({ user: role, password: 'dropper', path: name }))
  const superuser = await connect(at({ path: name }))
  await expect(owner.query(`DROP DATABASE ${name} WITH (FORCE)`)).rejects.toMatchObject({ code: '42501' })
  const dropping = dropDatabase((sql) => owner.query(sql), name)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(await superuser.query('SELECT 1')).toMatchObject({ rowCount: 1 })
  await superuser.end()
  await dropping
  expect(await exists()).toBe(false)
})

test('what belongs to somebody else is refused', async () => {
  const admin = await connect(database.url)
  await admin.query(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`)
  await admin.end()
  await expect(dropDatabase((sql) => owner.query(sql), name)).rejects.toMatchObject({ code: '42501' })
  expect(await exists()).toBe(true)
})

import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { localPostgres } from '@manybase/local-postgres'
import pg from 'pg'
import { ended, place, query, startElsewhere, startScript } from './fixtures/place.ts'

test('nothing is found, stopped or destroyed where nothing was started', async () => {
  await using here = await place()
  expect(await here.server.find(here.root)).toBeUndefined()
  expect(await here.server.stop(here.root)).toBe(false)
  expect(await here.server.destroy(here.root)).toBe(false)
})

test('a server is started once, found, stopped, and keeps its data, password and port', async () => {
  await using here = await place()
  const steps: string[] = []
  const first = await here.server.start(here.root, ({ name }) => steps.push(name))
  expect(steps).toEqual([expect.stringMatching(/initdb/), 'start PostgreSQL'])
  expect(await here.server.find(here.root)).toMatchObject({ pid: first.pid, port: first.port })
  expect(await here.server.start(here.root)).toMatchObject({ pid: first.pid })
  await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 42 AS answer')

  expect(await here.server.stop(here.root)).toBe(true)
  expect(await here.server.find(here.root)).toBeUndefined()
  const second = await here.server.start(here.root, ({ name }) => steps.push(name))
  expect(steps.slice(2)).toEqual(['start PostgreSQL'])
  expect(second).toMatchObject({ port: first.port, password: first.password, version: first.version })
  expect(await query(second.url('postgres'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])

  expect(await here.server.destroy(here.root)).toBe(true)
  await expect(stat(join(here.root, 'postgres'))).rejects.toThrow('ENOENT')
})

test('the server is what the documents ask for, and durable', async () => {
  await using here = await place()
  const server = await here.server.start(here.root)
  const wanted = {
    server_version: server.version,
    server_encoding: 'UTF8',
    max_connections: '200',
    wal_level: 'logical',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    password_encryption: 'scram-sha-256',
    TimeZone: 'UTC',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  }
  const columns = Object.keys(wanted).map((name) => `current_setting('${name}') AS "${name}"`)
  expect(await query(server.url('postgres'), `SELECT ${columns.join()}`)).toEqual([wanted])
  const locale = `SELECT datlocprovider AS provider, datlocale AS locale FROM pg_database
    WHERE datname = 'template1'`
  expect(await query(server.url('postgres'), locale)).toEqual([{ provider: 'b', locale: 'C.UTF-8' }])
})

test('nobody connects without the password, and the password stays out of sight', async () => {
  await using here = await place()
  const server = await here.server.start(here.root)
  const without = new URL(server.url('postgres'))
  without.password = 'guess'
  await expect(query(without.href, 'SELECT 1')).rejects.toThrow('password authentication failed')

  const { mode } = await stat(join(here.root, 'postgres', 'connection.json'))
  expect(mode & 0o777).toBe(0o600)
  expect((await stat(join(here.root, 'postgres'))).mode & 0o077).toBe(0)
  const lines = await commandLines()
  expect(lines).toContain(here.data)
  expect(lines).not.toContain(server.password)
  const environment = await readFile(`/proc/${server.pid}/environ`, 'utf8')
  expect(environment).not.toContain(server.password)
  expect(await readFile(join(here.root, 'postgres', 'postgres.log'), 'utf8')).not.toContain(server.password)
})

test('a taken port makes way for a free one, which is remembered', async () => {
  await using here = await place()
  const before = await here.server.start(here.root)
  await here.server.stop(here.root)
  const other = createServer().listen(before.port, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const moved = await here.server.start(here.root)
  expect(moved.port).not.toBe(before.port)
  expect(await query(moved.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await here.server.stop(here.root)
  await new Promise((resolve) => other.close(resolve))
  expect((await here.server.start(here.root)).port).toBe(moved.port)
})

test('a path with spaces, quotes and letters from elsewhere is a path like any other', async () => {
  await using here = await place('Grüße aus "Łódź" $HOME % 東京 ')
  const server = await here.server.start(here.root)
  const rows = await query<{ data: string }>(
    server.url('postgres'),
    "SELECT current_setting('data_directory') AS data",
  )
  expect(rows).toEqual([{ data: here.data }])
  expect(await here.server.stop(here.root)).toBe(true)
})

test('clients that are connected, idle or in a transaction, do not hold up a stop', async () => {
  await using here = await place()
  const server = await here.server.start(here.root)
  const clients = await Promise.all(
    ['SELECT 1', 'BEGIN; CREATE TABLE open (id int)'].map(async (sql) => {
      const client = new pg.Client({ connectionString: server.url('postgres') })
      client.on('error', () => {})
      await client.connect()
      await client.query(sql)
      return client
    }),
  )
  const begin = performance.now()
  expect(await here.server.stop(here.root)).toBe(true)
  expect(performance.now() - begin).toBeLessThan(5_000)
  await Promise.all(clients.map((client) => client.end()))
})

test('the server outlives the command that started it, and holds none of its pipes', async () => {
  await using here = await place()
  // `| cat` ends only when nobody holds the pipe any more.
  const { code } = await ended('sh', [
    '-c',
    '"$0" "$1" "$2" 2>&1 | cat',
    process.execPath,
    startScript,
    here.root,
  ])
  expect(code).toBe(0)
  const server = await here.server.find(here.root)
  expect(await query(server?.url('postgres') ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  const joined = await startElsewhere(here.root)
  expect(joined).toMatchObject({ pid: server?.pid, steps: [] })
})

test("the caller's PG* variables and locale change nothing", async () => {
  await using here = await place()
  const { code } = await ended(process.execPath, [startScript, here.root], {
    PGDATA: '/nowhere',
    PGPORT: '1',
    PGOPTIONS: '-c max_connections=3',
    LC_ALL: 'xx_XX',
    LANG: 'de_DE.UTF-8',
    TZ: 'Mars/Olympus',
  })
  expect(code).toBe(0)
  const server = await here.server.find(here.root)
  expect(await query(server?.url('postgres') ?? '', 'SHOW max_connections')).toEqual([
    { max_connections: '200' },
  ])
})

test('looking for a running server takes a moment', async () => {
  await using here = await place()
  await here.server.start(here.root)
  const times: number[] = []
  for (let i = 0; i < 50; i++) {
    const begin = performance.now()
    await localPostgres({ directory: 'postgres' }).find(here.root)
    times.push(performance.now() - begin)
  }
  expect(times.sort((a, b) => a - b)[25]).toBeLessThan(5)
})

test('a lost password is said to be lost, and the data stay', async () => {
  await using here = await place()
  await here.server.start(here.root)
  await here.server.stop(here.root)
  const connection = join(here.root, 'postgres', 'connection.json')
  for (const damage of [() => writeFile(connection, '{"user":'), () => rm(connection)]) {
    await damage()
    await expect(here.server.start(here.root)).rejects.toMatchObject({ code: 'local-postgres.password-lost' })
  }
  expect(await readFile(join(here.data, 'PG_VERSION'), 'utf8')).toBe('17\n')
})

test('the server keeps none of the secrets in the environment of whoever started it', async () => {
  await using here = await place()
  const { code } = await ended(process.execPath, [startScript, here.root], { API_TOKEN: 'do-not-keep-me' })
  expect(code).toBe(0)
  const server = await here.server.find(here.root)
  expect(await readFile(`/proc/${server?.pid}/environ`, 'utf8')).not.toContain('do-not-keep-me')
})

test('a log that has grown large is put aside at the next start', async () => {
  await using here = await place()
  await here.server.start(here.root)
  await here.server.stop(here.root)
  const log = join(here.root, 'postgres', 'postgres.log')
  await truncate(log, 10_000_001)
  await here.server.start(here.root)
  // The server that was stopped may have had a last word.
  expect((await stat(`${log}.1`)).size).toBeGreaterThanOrEqual(10_000_001)
  expect((await stat(log)).size).toBeLessThan(10_000)
})

/** What everybody on the machine sees of every process. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.join('\n')
}

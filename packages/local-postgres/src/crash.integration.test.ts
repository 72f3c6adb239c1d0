import { spawn } from 'node:child_process'
import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { type Place, place, query, startElsewhere } from './fixtures/place.ts'

/** Kills the postmaster alone, as the out-of-memory killer does. */
async function kill(here: Place, pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  const deadline = performance.now() + 10_000
  while (await here.server.find(here.root)) {
    if (performance.now() > deadline) throw new Error('the killed server is still found')
  }
}

test('after kill -9 what was committed is there, and what was not is gone', async () => {
  await using here = await place()
  const server = await startElsewhere(here.root)
  await query(server.url, 'CREATE TABLE t AS SELECT 1 AS id')
  const open = new pg.Client({ connectionString: server.url })
  open.on('error', () => {})
  await open.connect()
  await open.query('BEGIN; INSERT INTO t VALUES (2)')
  await kill(here, server.pid ?? 0)
  expect(await here.server.stop(here.root)).toBe(false)

  const again = await here.server.start(here.root)
  expect(again.pid).not.toBe(server.pid)
  expect(await query(again.url('postgres'), 'SELECT id FROM t')).toEqual([{ id: 1 }])
  await open.end()
})

test('a busy process of a killed server, which still holds its shared memory, is ended', async () => {
  await using here = await place()
  const server = await startElsewhere(here.root)
  const busy = new pg.Client({ connectionString: server.url })
  busy.on('error', () => {})
  await busy.connect()
  const { rows } = await busy.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const endless = busy.query('SELECT count(*) FROM generate_series(1, 100000000000)').catch(() => 'cut off')
  await new Promise((resolve) => setTimeout(resolve, 200))
  await kill(here, server.pid ?? 0)

  const again = await here.server.start(here.root)
  expect(await query(again.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(await endless).toBe('cut off')
  // A dead process has no working directory, also while nobody has collected it yet.
  await expect(readlink(`/proc/${rows[0]?.pid}/cwd`)).rejects.toThrow('ENOENT')
  const log = await readFile(join(here.root, 'postgres', 'postgres.log'), 'utf8')
  expect(log).toContain('pre-existing shared memory block')
  await busy.end()
})

test('a pid file whose number another program has now is taken for what it is: stale', async () => {
  await using here = await place()
  const { port } = await here.server.start(here.root)
  await here.server.stop(here.root)
  const other = spawn('sleep', ['600'])
  await writeFile(
    join(here.data, 'postmaster.pid'),
    `${other.pid}\n${here.data}\n1\n${port}\n\n127.0.0.1\n  1 1\nready   \n`,
  )
  expect(await here.server.find(here.root)).toBeUndefined()
  expect(await here.server.stop(here.root)).toBe(false)
  const server = await here.server.start(here.root)
  expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(other.exitCode).toBeNull()
  other.kill()
})

test.each(['', 'nonsense', '999999999\n'])('a pid file with %j in it is no obstacle', async (content) => {
  await using here = await place()
  await here.server.start(here.root)
  await here.server.stop(here.root)
  await writeFile(join(here.data, 'postmaster.pid'), content)
  expect(await here.server.find(here.root)).toBeUndefined()
  const server = await here.server.start(here.root)
  expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

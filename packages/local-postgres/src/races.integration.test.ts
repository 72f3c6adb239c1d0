import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { place, query, spawnStart, startElsewhere } from './fixtures/place.ts'

test.each([2, 10])('%i processes that start it at once get the same server', async (count) => {
  await using here = await place()
  const results = await Promise.all(Array.from({ length: count }, () => startElsewhere(here.root)))
  expect(new Set(results.map(({ pid }) => pid))).toEqual(new Set([expect.any(Number)]))
  expect(new Set(results.map(({ url }) => url)).size).toBe(1)
  // One of them worked, the others waited.
  expect(results.filter(({ steps }) => steps?.length).map(({ steps }) => steps?.length)).toEqual([2])
  expect((await readdir(join(here.root, 'postgres'))).sort()).toEqual([
    'connection.json',
    'data',
    'postgres.log',
  ])
})

test('within one process, too, starting twice at once starts one', async () => {
  await using here = await place()
  const [one, other] = await Promise.all([here.server.start(here.root), here.server.start(here.root)])
  expect(one.pid).toBe(other.pid)
})

test('starting and stopping at once leave a server that runs or none, and never a broken one', async () => {
  await using here = await place()
  await here.server.start(here.root)
  for (let round = 0; round < 5; round++) {
    await Promise.all([here.server.stop(here.root), here.server.start(here.root)])
    const server = await here.server.start(here.root)
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  }
})

test('a start that is killed in the middle of initdb is recovered by the next', async () => {
  await using here = await place()
  const killed = spawnStart(here.root)
  const gone = new Promise((resolve) => killed.once('exit', resolve))
  await until(async () => (await names(join(here.root, 'postgres'))).some((name) => name.startsWith('init-')))
  await sleep(50)
  killed.kill('SIGKILL')
  await gone
  expect(await names(join(here.root, 'postgres'))).not.toContain('data')
  expect(await names(join(here.root, 'postgres'))).toContain('start.lock')

  const server = await here.server.start(here.root)
  expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect((await names(join(here.root, 'postgres'))).sort()).toEqual([
    'connection.json',
    'data',
    'postgres.log',
  ])
})

test.each(['', '999999999\n'])(
  'a lock left behind, with %j in it, holds nobody up for long',
  async (content) => {
    await using here = await place()
    await mkdir(join(here.root, 'postgres'))
    await writeFile(join(here.root, 'postgres', 'start.lock'), content)
    const begin = performance.now()
    const server = await here.server.start(here.root)
    expect(server.pid).toBeGreaterThan(0)
    expect(performance.now() - begin).toBeLessThan(60_000)
    await expect(readFile(join(here.root, 'postgres', 'start.lock'))).rejects.toThrow('ENOENT')
  },
)

async function names(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => [])
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it did not happen')
    await sleep(5)
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from '@jest/globals'
import { startTestServer, testServer } from '@manybase/local-postgres/testing'
import { query } from '../fixtures/place.ts'
import type { ServerDescription } from './description.ts'

/** A test run that is killed when it has made a database, before it could clear up. */
async function killedRun(choice: string): Promise<ServerDescription & { readonly database: string }> {
  const script = join(import.meta.dirname, '../fixtures/start-test-server.ts')
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, TEST_POSTGRES: choice },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return JSON.parse(String(line))
}

const databases = async (url: string): Promise<string[]> =>
  (await query<{ datname: string }>(url, 'SELECT datname FROM pg_database')).map(({ datname }) => datname)

test('the embedded server of a killed run is ended by the next run', async () => {
  const killed = await killedRun('embedded')
  expect(await databases(killed.adminUrl)).toContain(killed.database)
  const next = await startTestServer({ TEST_POSTGRES: 'embedded' })
  await expect(databases(killed.adminUrl)).rejects.toThrow('ECONNREFUSED')
  await next.stop()
})

test("the databases of a killed run are dropped from a server of others, and nobody else's", async () => {
  const { adminUrl, createDatabase } = await testServer()
  const killed = await killedRun(adminUrl)
  const alive = await createDatabase()
  expect(await databases(adminUrl)).toEqual(expect.arrayContaining([killed.database, alive.name]))
  const next = await startTestServer({ TEST_POSTGRES: adminUrl })
  expect(await databases(adminUrl)).not.toContain(killed.database)
  expect(await databases(adminUrl)).toContain(alive.name)
  await next.stop()
  await alive.drop()
})

test('a run on a server of others leaves no database there', async () => {
  const { adminUrl } = await testServer()
  const run = await startTestServer({ TEST_POSTGRES: adminUrl })
  const { name } = await run.server.createDatabase()
  expect(await databases(adminUrl)).toContain(name)
  await run.stop()
  expect(await databases(adminUrl)).not.toContain(name)
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type ApiAnswer, type RunningApi, startApi } from './support/api.ts'
import { beginProject, created, makeSomebody, type Somebody, startLoad } from './support/api-load.ts'
import { makeOwnServer, type OwnServer } from './support/own-server.ts'
import { dbCommand, node, root, run } from './support/run.ts'
import { query } from './support/tenant.ts'

const sides = { auth: 'socrates_auth', specs: 'socrates_specs' } as const
type Side = keyof typeof sides

let servers: Readonly<Record<Side, OwnServer>>
let api: RunningApi
let people: readonly Somebody[]
const made: OwnServer[] = []

async function makeServer(): Promise<OwnServer> {
  const server = await makeOwnServer()
  made.push(server)
  return server
}

beforeAll(async () => {
  const [auth, specs] = await Promise.all([makeServer(), makeServer()])
  servers = { auth, specs }
  const env = { DATABASE_URL_AUTH: auth.url(sides.auth), DATABASE_URL_SPECS: specs.url(sides.specs) }
  const migrated = await run(node, [dbCommand, 'migrate', '--no-log'], { cwd: root, env })
  if (migrated.exitCode !== 0) throw new Error(migrated.stderr)
  await specs.stop()
  api = await startApi({ ...env, API_RATE_LIMIT: '1000000', API_SIGN_IN_RATE_LIMIT: '1000000' })
})
afterEach(async () => {
  await Promise.all(made.map((server) => server.start()))
})
afterAll(async () => {
  api.signal('SIGTERM')
  await api.result
})
afterAll(async () => {
  await Promise.all(made.map((server) => server.destroy()))
})

async function readiness(status: number): Promise<ApiAnswer> {
  for (;;) {
    const answer = await api.ask('/ready')
    if (answer.status === status) return answer
    await sleep(50)
  }
}

/** Deletes somebody who has a project. @returns resolves once nothing is left of it */
async function leave(): Promise<() => Promise<void>> {
  const somebody = await makeSomebody(api)
  const { id } = created(await beginProject(api, somebody))
  const { status, body } = await api.ask('/v1/users/me', { method: 'DELETE', token: somebody.token })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return async () => {
    const report = () => api.ask(`/v1/deletions/${body.deletionId}`, { token: body.receiptToken })
    while ((await report()).body.status !== 'swept') await sleep(50)
    expect(await projects([id])).toEqual([])
  }
}

const projects = async (ids: readonly string[]) =>
  (
    await query(
      servers.specs.url(sides.specs),
      `SELECT id FROM projects WHERE id IN (${ids.map((id) => `'${id}'`)})`,
    )
  ).map(({ id }) => String(id))

test('the API starts without its databases, and is ready once they are there', async () => {
  expect((await readiness(503)).body.detail).toContain('socrates_specs doesn’t answer')
  await servers.specs.start()
  await readiness(200)
  people = await Promise.all(Array.from({ length: 6 }, () => makeSomebody(api)))
})

describe('under load', () => {
  test.each<[string, readonly Side[], 'kill' | 'stop']>([
    ['socrates_auth is killed', ['auth'], 'kill'],
    ['socrates_auth is stopped', ['auth'], 'stop'],
    ['socrates_specs is killed', ['specs'], 'kill'],
    ['socrates_specs is stopped', ['specs'], 'stop'],
    ['both are killed', ['auth', 'specs'], 'kill'],
  ])('%s: people are asked to come back, and find all that they were told is kept', async (_, lost, how) => {
    await using load = startLoad(api, people)
    await load.everybodySucceeds()
    const swept = await leave()
    await Promise.all(lost.map((side) => servers[side][how]()))
    const { headers, body } = await readiness(503)
    for (const side of lost) expect(body.detail).toContain(`${sides[side]} doesn’t answer`)
    expect([headers.get('retry-after'), body.retryable]).toEqual(['1', true])
    expect((await api.ask('/health')).status).toBe(200)
    await sleep(500)
    await Promise.all(lost.map((side) => servers[side].start()))
    await readiness(200)
    await load.everybodySucceeds()
    await load.stop()
    expect({ wrong: load.wrong, log: api.errors() }).toEqual({ wrong: [], log: [] })
    expect(load.putOff).toBeGreaterThan(0)
    expect(await projects(load.kept)).toHaveLength(load.kept.length)
    await swept()
    await (await leave())()
  })
})

import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Project
const servers: Server[] = []

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(() => {
  project = makeProject(tenant, { alpha: {}, beta: {} })
})
afterEach(() => {
  project.dispose()
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server, port = 0): Promise<number> {
  servers.push(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

const atPort = (database: string, port: number) => {
  const url = new URL(project.url(database))
  url.host = `127.0.0.1:${port}`
  return url.href
}

/** Hands every connection on to the test server. */
const passOn = () =>
  createServer((socket) => {
    const { hostname, port } = new URL(project.url('alpha'))
    const server = connect(Number(port), hostname)
    socket.pipe(server).pipe(socket)
    for (const end of [socket, server]) end.on('error', () => {})
  })

describe('db wait', () => {
  test('is done at once when the servers answer, whether or not the databases exist', async () => {
    await tenant.createDatabase(project.databaseName('alpha'))
    const { stdout, exitCode } = await project.db(['wait'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^✅ alpha: \S+:\d+ answers \(PostgreSQL \d+[.\d]*.*, after \d+ ms\)$/m)
    expect(stdout).toMatch(/^✅ beta: \S+ answers \(the database does not exist yet, after /m)
    const json = JSON.parse((await project.db(['wait', '--json'])).stdout)
    expect(json.databases).toMatchObject([
      { database: 'alpha', exists: true },
      { database: 'beta', exists: false, version: null },
    ])
  })

  test('goes on when a server comes up, and says what it waits for', async () => {
    const port = await freePort()
    const { child, result } = project.startDb(['wait', '--only', 'alpha', '--timeout', '30s'], {
      env: { DATABASE_URL_ALPHA: atPort('alpha', port) },
    })
    await once(child.stderr, 'data')
    await listen(passOn(), port)
    const { stdout, stderr, exitCode } = await result
    expect({ stderr, exitCode }).toEqual({
      stderr: `  waiting for alpha at 127.0.0.1:${port} (ECONNREFUSED)\n`,
      exitCode: 0,
    })
    expect(stdout).toContain(`✅ alpha: 127.0.0.1:${port} answers`)
  })

  test('gives up at the limit, with exit code 2', async () => {
    const port = await freePort()
    const start = performance.now()
    const result = await project.db(['wait', '--timeout', '700ms'], {
      env: { DATABASE_URL_BETA: atPort('beta', port) },
    })
    expect(performance.now() - start).toBeGreaterThan(500)
    expectFailure(result, {
      code: 'wait.timeout',
      exitCode: 2,
      what: `After 700 ms there is still no answer for beta at 127.0.0.1:${port}.`,
      why: 'The last attempt: ECONNREFUSED.',
      fix: '--timeout 5min',
    })
  })

  test('gives up in time on a server that takes connections and says nothing', async () => {
    const port = await listen(createServer((socket) => socket.on('error', () => {})))
    const start = performance.now()
    const result = await project.db(['wait', '--only', 'alpha', '--timeout', '500ms'], {
      env: { DATABASE_URL_ALPHA: atPort('alpha', port) },
    })
    expect(result.exitCode).toBe(2)
    expect(performance.now() - start).toBeLessThan(4000)
  })

  test('does not wait for a wrong password to become right', async () => {
    const url = new URL(project.url('alpha'))
    url.password = 'guessed'
    const result = await project.db(['wait', '--timeout', '60s'], { env: { DATABASE_URL_ALPHA: url.href } })
    expectFailure(result, {
      code: 'server.wrong-password',
      exitCode: 2,
      what: 'refused the password',
      why: 'User or password is wrong',
      fix: 'Correct user and password',
    })
  })

  test('refuses what is no time', async () => {
    const { stderr, exitCode } = await project.db(['wait', '--timeout', 'long'])
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining('It is not a time such as 30s.'),
      exitCode: 2,
    })
  })
})

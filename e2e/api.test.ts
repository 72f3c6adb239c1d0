import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { makeProxy, type TcpProxy } from '@manybase/local-postgres/testing'
import { apiCommand, type RunningApi, startApi } from './support/api.ts'
import { node, root, run } from './support/run.ts'
import { makeTemplate } from './support/socrates.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const account = {
  email: 'ada@example.org',
  username: 'ada',
  name: 'Ada',
  surname: 'Lovelace',
  password: 'correct horse battery staple',
}
const { email, password } = account

let tenant: Tenant
let proxy: TcpProxy
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  tenant = await makeTenant()
  const { urls } = await makeTemplate(tenant)
  proxy = await makeProxy(() => urls.socrates_specs)
  env = { DATABASE_URL_AUTH: urls.socrates_auth, DATABASE_URL_SPECS: proxy.url, API_REQUEST_SECONDS: '4' }
})
afterAll(async () => {
  await proxy.close()
  await tenant.dispose()
})

const running: RunningApi[] = []
const up = async (): Promise<RunningApi> => {
  const api = await startApi(env)
  running.push(api)
  return api
}
afterEach(() => {
  for (const api of running.splice(0)) api.signal('SIGKILL')
})

const signIn = (api: RunningApi) => api.ask('/v1/auth/sign-in', { method: 'POST', body: { email, password } })

async function until(api: RunningApi, path: string, status: number) {
  for (;;) {
    const answer = await api.ask(path)
    if (answer.status === status) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

describe('the API', () => {
  test('says what its environment lacks, without a value, and doesn’t start', async () => {
    const variables = { DATABASE_URL_AUTH: env.DATABASE_URL_AUTH ?? '', API_TOKEN_SECRET: 'short and secret' }
    const { stdout, stderr, exitCode } = await run(node, [apiCommand], { cwd: root, env: variables })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toContain('[settings.unusable]')
    expect(stderr).toContain('DATABASE_URL_SPECS: is not set.')
    expect(stderr).not.toContain('short and secret')
  })

  test('outlives a database that falls silent, says so, and goes on by itself', async () => {
    const api = await up()
    expect((await until(api, '/ready', 200)).body.status).toBe('ready')
    expect((await api.ask('/v1/users', { method: 'POST', body: account })).status).toBe(201)
    const token = String((await signIn(api)).body.accessToken)
    expect((await api.ask('/v1/projects', { token })).status).toBe(200)
    proxy.freeze()
    const { headers, body } = await until(api, '/ready', 503)
    expect(headers.get('retry-after')).toBe('1')
    expect(body).toMatchObject({
      retryable: true,
      detail: expect.stringContaining('socrates_specs doesn’t answer'),
    })
    expect((await api.ask('/health')).status).toBe(200)
    const waited = await api.ask('/v1/projects', { token })
    expect(waited).toMatchObject({
      status: 503,
      body: { type: 'urn:socrates:problem:unavailable', retryable: true },
    })
    expect(waited.headers.get('retry-after')).toBe('1')
    proxy.cut()
    proxy.thaw()
    await until(api, '/ready', 200)
    expect((await api.ask('/v1/projects', { token })).status).toBe(200)
    api.signal('SIGTERM')
    expect(await api.result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('sweeper: connected'),
    })
  })

  test('doesn’t wait for somebody who says nothing when it is asked to end', async () => {
    const api = await startApi(env)
    const { hostname, port } = new URL(api.url)
    const silent = connect(Number(port), hostname)
    silent.on('error', () => {})
    await once(silent, 'connect')
    // Accepted by then, and not only by the kernel.
    expect((await api.ask('/health')).status).toBe(200)
    api.signal('SIGTERM')
    expect(await api.result).toMatchObject({ exitCode: 0 })
    silent.destroy()
  })

  test('ends although many have hung up whose writes are queued, and counts them as nobody’s fault', async () => {
    const api = await startApi({ ...env, API_SHUTDOWN_SECONDS: '10', API_RATE_LIMIT: '100000' })
    const token = String((await signIn(api)).body.accessToken)
    const hangUp = new AbortController()
    const write = () =>
      fetch(`${api.url}/v1/projects`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{"name":"Engine"}',
        signal: hangUp.signal,
      })
    const writers = Array.from({ length: 100 }, async () => {
      while (!hangUp.signal.aborted) await write().catch(() => undefined)
    })
    expect((await write()).status).toBe(201)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    api.signal('SIGTERM')
    hangUp.abort()
    await Promise.all(writers)
    const { exitCode, stdout } = await api.result
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('"statusCode":500')
  })

  test('finishes what is under way when it is asked to end, and has told no secret', async () => {
    const api = await up()
    const first = await signIn(api)
    const token = String(first.body.accessToken)
    expect((await api.ask('/v1/users/me', { token })).body.email).toBe(email)
    const underWay = signIn(api)
    await new Promise((resolve) => setTimeout(resolve, 50))
    api.signal('SIGTERM')
    expect((await underWay).status).toBe(200)
    const { exitCode, stdout, stderr } = await api.result
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    await expect(fetch(`${api.url}/health`)).rejects.toThrow('fetch failed')
    const secrets = [password, token, first.body.refreshToken, api.secret, email]
    for (const secret of secrets) expect(stdout).not.toContain(secret)
  })
})

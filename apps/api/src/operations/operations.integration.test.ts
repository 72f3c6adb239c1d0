import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { makeTestApp, type TestApp, testSettings } from '../testing/app.ts'

let api: TestApp

beforeAll(async () => {
  api = await makeTestApp()
})
afterAll(() => api[Symbol.asyncDispose]())

async function inSpecs(sql: string): Promise<void> {
  const client = new pg.Client(api.databases.specs.url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
  // The last answer is kept for a second.
  await new Promise((resolve) => setTimeout(resolve, 1_050))
}

test('/health says that the process is alive', async () => {
  expect(await api.ask({ url: '/health' })).toMatchObject({ status: 200, body: { status: 'alive' } })
})

describe('/metrics', () => {
  const metrics = (as?: string) => api.ask({ url: '/metrics', as })

  test('are for who has the token', async () => {
    expect((await metrics()).status).toBe(401)
    expect((await metrics('another token')).status).toBe(401)
    const { status, headers, body } = await metrics(testSettings.metricsToken)
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(body).toMatch(
      /^http_request_duration_seconds_count\{method="GET",route="\/health",status="200"\} 1$/m,
    )
    expect(body).toMatch(
      /^integrity_closed_lag_seconds\{source="socrates_auth",referencing="socrates_specs"\} 0$/m,
    )
    expect(body).toMatch(/^process_cpu_seconds_total /m)
  })

  test('are nowhere without one', async () => {
    await using silent = await makeTestApp({ metricsToken: undefined })
    expect((await silent.ask({ url: '/metrics' })).status).toBe(404)
  })
})

describe('/ready', () => {
  const ready = () => api.ask({ url: '/ready' })

  test('is 200 at head', async () => {
    const databases = { socrates_auth: 'ready', socrates_specs: 'ready' }
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready', databases } })
  })

  test('is 200 ahead of it, and 503 behind and apart, with the reason', async () => {
    await inSpecs(`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
      VALUES ('x', 'x', now(), '099_of_tomorrow')`)
    expect((await ready()).body.databases).toEqual({ socrates_auth: 'ready', socrates_specs: 'ahead' })
    await inSpecs(`UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name LIKE '009%'`)
    expect(await ready()).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { detail: 'socrates_specs was migrated by other scripts than these.', retryable: true },
    })
    await inSpecs(`DELETE FROM _prisma_migrations WHERE id = 'x' OR checksum = 'x'`)
    expect((await ready()).body.detail).toBe('socrates_specs is behind, and has to be migrated first.')
  })

  test('is 503 when a database doesn’t answer, and whatever asks it', async () => {
    await api.databases.specs.drop()
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    expect((await ready()).body.detail).toBe('socrates_specs doesn’t answer, or has no ledger.')
  })
})

test('the document and its page are there, and load nothing from elsewhere', async () => {
  const document = await api.ask({ url: '/docs/json' })
  expect(document.body.openapi).toBe('3.1.0')
  expect(Object.keys(document.body.paths)).toContain('/v1/auth/sign-in')
  const page = await api.ask({ url: '/docs' })
  expect(page.status).toBe(200)
  expect(page.body).not.toMatch(/(?:src|href)="https?:/)
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
})

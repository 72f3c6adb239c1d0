import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp, type TestRequest } from '../testing/app.ts'

let api: TestApp

beforeAll(async () => {
  api = await makeTestApp({ rateLimit: 30, signInRateLimit: 3 })
})
afterAll(() => api[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }
const signInAs = (payload: string | object, headers: Record<string, string> = json): TestRequest => ({
  method: 'POST',
  url: '/v1/auth/refresh',
  payload,
  headers,
})

describe('a problem', () => {
  const cases: readonly (readonly [string, TestRequest, number, string])[] = [
    ['a path that isn’t there', { url: '/v2' }, 404, 'not-found'],
    ['a path that is no path', { url: '/v1/%' }, 400, 'request-invalid'],
    ['another method', { url: '/health', method: 'DELETE' }, 405, 'method-not-allowed'],
    ['an unknown query', { url: '/health?deep=1' }, 400, 'request-invalid'],
    ['nobody', { url: '/v1/users/me' }, 401, 'sign-in-needed'],
    ['a body that isn’t JSON', signInAs('{'), 400, 'request-invalid'],
    ['an empty body', signInAs(''), 400, 'request-invalid'],
    ['a body with a prototype', signInAs('{"__proto__":{"a":1}}'), 400, 'request-invalid'],
    [
      'a body of another kind',
      signInAs('a=1', { 'content-type': 'text/plain' }),
      415,
      'media-type-unsupported',
    ],
    ['a body that is too large', signInAs({ refreshToken: 'x'.repeat(70_000) }), 413, 'body-too-large'],
    ['an unknown key', signInAs({ refreshToken: 'x'.repeat(43), admin: true }), 400, 'request-invalid'],
  ]

  test.each(cases)('is what %s gets', async (_, request, status, kind) => {
    const answer = await api.ask(request)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.body).toMatchObject({
      type: `urn:socrates:problem:${kind}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      retryable: false,
      requestId: expect.any(String),
    })
    expect(answer.status).toBe(status)
  })

  test('names the places at fault', async () => {
    const { body } = await api.ask(signInAs({ refreshToken: 7 }))
    expect(body.errors).toEqual([{ path: '/refreshToken', message: expect.any(String) }])
  })

  test('of a method says which are there', async () => {
    const { headers } = await api.ask({ url: '/v1/users/me', method: 'PUT' })
    expect(headers.allow).toBe('GET, HEAD, PATCH, DELETE')
  })

  test('of signing in says how', async () => {
    expect((await api.ask({ url: '/v1/users/me' })).headers['www-authenticate']).toBe('Bearer')
  })
})

describe('too many requests', () => {
  test('to sign in are refused before the others, with the time to wait', async () => {
    const payload = { email: 'nobody@example.org', password: 'x' }
    const send = () => api.ask({ method: 'POST', url: '/v1/auth/sign-in', payload })
    for (const _ of [1, 2, 3]) expect((await send()).status).toBe(401)
    const { status, body, headers } = await send()
    expect([status, body.type, body.retryable]).toEqual([429, 'urn:socrates:problem:too-many-requests', true])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  test('from one network of IPv6 are counted together', async () => {
    const from = async (remoteAddress: string) =>
      (await api.ask({ url: '/v1/elsewhere', remoteAddress })).headers
    const [one, neighbour, other] = [
      await from('2001:db8:0:1::1'),
      await from('2001:db8:0:1:ffff::2'),
      await from('2001:db8:0:2::1'),
    ]
    const left = [one, neighbour, other].map((headers) => Number(headers['x-ratelimit-remaining']))
    expect(left).toEqual([29, 28, 29])
  })

  test('are refused wherever they go, but for probes', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => api.ask({ url: '/v1/nowhere' })))
    expect(answers.at(-1)?.status).toBe(429)
    expect((await api.ask({ url: '/health' })).status).toBe(200)
  })
})

test('what is no HTTP gets a problem too', async () => {
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('NONSENSE\r\n\r\n')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json/)
  expect(answer).toContain('urn:socrates:problem:request-invalid')
})

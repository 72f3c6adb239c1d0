import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuthClient } from '@socrates/db-auth'
import { makeTestApp, type TestApp, testSettings } from '../testing/app.ts'
import { makePerson, password, signIn } from '../testing/people.ts'
import { makeAccessTokens } from './access-tokens.ts'

let api: TestApp
let auth: AuthClient

beforeAll(async () => {
  api = await makeTestApp()
  auth = api.auth
})
afterAll(() => api[Symbol.asyncDispose]())

const post = (url: string, payload: object, as?: string) => api.ask({ method: 'POST', url, payload, as })
const me = async (as: string) => (await api.ask({ url: '/v1/users/me', as })).status
const refresh = (refreshToken: string) => post('/v1/auth/refresh', { refreshToken })
const attempt = (email: string, given: string) => post('/v1/auth/sign-in', { email, password: given })
const kindOf = ({ body }: { readonly body: { readonly type: string } }) => body.type.split(':').at(-1)

describe('signing up', () => {
  const account = (more: object) => ({
    email: `${randomUUID()}@example.org`,
    username: randomUUID(),
    name: 'Ada',
    surname: 'Lovelace',
    password,
    ...more,
  })

  test('makes an account, in lower case, that says nothing of its password', async () => {
    const { status, body } = await post('/v1/users', account({ email: 'Ada@Example.org', username: 'ada' }))
    expect(status).toBe(201)
    expect(body).toMatchObject({ email: 'ada@example.org', username: 'ada', status: 'active' })
    expect(JSON.stringify(body)).not.toMatch(/password|scrypt/i)
  })

  test('doesn’t say which of address and name is taken', async () => {
    const { email } = await makePerson(api, 'bea')
    const [byEmail, byName] = [
      await post('/v1/users', account({ email })),
      await post('/v1/users', account({ username: 'bea' })),
    ]
    expect(byEmail.status).toBe(409)
    const { requestId: _, ...said } = byEmail.body
    expect(byName.body).toMatchObject(said)
  })

  test.each([
    ['an account’s state', { status: 'suspended' }],
    ['an id', { id: randomUUID() }],
    ['a hash', { hashedPassword: 'x' }],
    ['whether the address is confirmed', { emailVerifiedAt: '2026-01-01T00:00:00Z' }],
    ['a short password', { password: 'short' }],
    ['NUL', { name: 'A\0' }],
    ['too long a name', { name: 'A'.repeat(101) }],
    ['no address', { email: 'ada' }],
  ])('takes nobody’s word for %s', async (_, more) => {
    expect((await post('/v1/users', account(more))).status).toBe(400)
  })
})

describe('signing in', () => {
  test('needs the password, whatever the case of the address', async () => {
    const { email } = await makePerson(api)
    expect((await attempt(email.toUpperCase(), password)).status).toBe(200)
  })

  test('refuses an unknown address, a wrong password and a suspended account in the same words', async () => {
    const { email, id } = await makePerson(api)
    const wrong = await attempt(email, 'wrong')
    await auth.user.update({ where: { id }, data: { status: 'suspended' } })
    const answers = [wrong, await attempt('nobody@example.org', 'wrong'), await attempt(email, password)]
    const said = answers.map(({ status, body: { requestId: _, ...body } }) => ({ status, ...body }))
    expect(said[0]).toMatchObject({ status: 401, type: 'urn:socrates:problem:sign-in-refused' })
    expect(said[1]).toEqual(said[0])
    expect(said[2]).toEqual(said[0])
  })

  test('locks an account at the fifth failure, even for the right password, and unlocks it in time', async () => {
    const { email, id } = await makePerson(api)
    const guesses = await Promise.all(Array.from({ length: 8 }, () => attempt(email, 'a guess')))
    expect(guesses.map(({ status }) => status)).toEqual(Array(8).fill(401))
    const locked = await auth.user.findUniqueOrThrow({ where: { id } })
    expect(locked.failedLoginAttempts).toBe(5)
    expect((await attempt(email, password)).status).toBe(401)
    await auth.user.update({ where: { id }, data: { lockedUntil: new Date(Date.now() - 1000) } })
    expect((await attempt(email, password)).status).toBe(200)
    expect(await auth.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
      failedLoginAttempts: 0,
      lockedUntil: null,
    })
  })
})

describe('an access token', () => {
  test('ends with the sign-in, not when it expires', async () => {
    const { token } = await makePerson(api)
    expect((await post('/v1/auth/sign-out', {}, token)).status).toBe(204)
    expect(await me(token)).toBe(401)
  })

  test('ends with the account’s right to sign in', async () => {
    const { token, id } = await makePerson(api)
    expect(await me(token)).toBe(200)
    await auth.user.update({ where: { id }, data: { status: 'suspended' } })
    expect(await me(token)).toBe(401)
  })

  test('of another secret, another algorithm or another time is none', async () => {
    const { id } = await makePerson(api)
    const { familyId } = await auth.refreshToken.findFirstOrThrow({ where: { userId: id } })
    const caller = { userId: id, signInId: familyId }
    const valid = await makeAccessTokens(testSettings).sign(caller)
    const forged = makeAccessTokens({
      ...testSettings,
      tokenSecrets: ['another secret of at least 32 chars'],
    })
    const expired = makeAccessTokens({ ...testSettings, accessTokenLifetime: -1 })
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${valid.split('.')[1]}.`
    expect(await me(valid)).toBe(200)
    for (const token of [await forged.sign(caller), await expired.sign(caller), unsigned, `${valid}x`, 'x'])
      expect(await me(token)).toBe(401)
  })

  test('is verified by an older secret as long as that is kept', async () => {
    const [older, newer] = [
      'an older secret of thirty-two characters',
      'a newer secret of thirty-two characters',
    ]
    const token = await makeAccessTokens({ ...testSettings, tokenSecrets: [older] }).sign({
      userId: 'u',
      signInId: 's',
    })
    const both = makeAccessTokens({ ...testSettings, tokenSecrets: [newer, older] })
    expect(await both.verify(token)).toEqual({ userId: 'u', signInId: 's' })
    expect(await makeAccessTokens({ ...testSettings, tokenSecrets: [newer] }).verify(token)).toBeUndefined()
  })
})

describe('a refresh token', () => {
  /** Makes its exchange one of long ago. */
  const age = (userId: string) =>
    auth.refreshToken.updateMany({
      where: { userId, usedAt: { not: null } },
      data: { usedAt: new Date(Date.now() - 60_000) },
    })

  test('is exchanged for the next, which is good for the one after it', async () => {
    const { refreshToken } = await makePerson(api)
    const first = await refresh(refreshToken)
    expect(first.status).toBe(200)
    const second = await refresh(first.body.refreshToken)
    expect(second.status).toBe(200)
    expect(await me(second.body.accessToken)).toBe(200)
  })

  test('is exchanged once by whoever comes first, and the others are told so', async () => {
    const { refreshToken } = await makePerson(api)
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(refreshToken)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    const won = answers.find(({ status }) => status === 200)
    expect(await me(won?.body.accessToken)).toBe(200)
  })

  test('that is used again later ends the sign-in, also for who came first', async () => {
    const { id, refreshToken } = await makePerson(api)
    const { body } = await refresh(refreshToken)
    await age(id)
    expect(kindOf(await refresh(refreshToken))).toBe('refresh-refused')
    expect(await me(body.accessToken)).toBe(401)
    expect((await refresh(body.refreshToken)).status).toBe(401)
    const reasons = await auth.refreshToken.findMany({
      where: { userId: id },
      select: { revocationReason: true },
    })
    expect(reasons).toEqual([{ revocationReason: 'reuse_detected' }, { revocationReason: 'reuse_detected' }])
  })

  test('of another sign-in goes on', async () => {
    const { id, email, refreshToken } = await makePerson(api)
    const other = await signIn(api, email)
    await refresh(refreshToken)
    await age(id)
    await refresh(refreshToken)
    expect((await refresh(other.refreshToken)).status).toBe(200)
  })

  test('lasts no longer than the sign-in, however often it is exchanged', async () => {
    const { id, refreshToken } = await makePerson(api)
    await refresh(refreshToken)
    const [first, second] = await auth.refreshToken.findMany({
      where: { userId: id },
      orderBy: { createdAt: 'asc' },
    })
    expect(second?.expiresAt).toEqual(first?.expiresAt)
  })

  test('is not stored, and neither is the password', async () => {
    const { id, refreshToken } = await makePerson(api)
    const stored = await auth.user.findUniqueOrThrow({ where: { id }, include: { refreshTokens: true } })
    expect(JSON.stringify(stored)).not.toContain(refreshToken)
    expect(JSON.stringify(stored)).not.toContain(password)
    expect(api.log.join('')).not.toContain(refreshToken)
    expect(api.log.join('')).not.toContain(password)
  })
})

describe('one’s own account', () => {
  test('takes other names, and nothing else', async () => {
    const { token } = await makePerson(api)
    const change = (payload: object) => api.ask({ method: 'PATCH', url: '/v1/users/me', payload, as: token })
    expect(await change({ name: 'Augusta' })).toMatchObject({ status: 200, body: { name: 'Augusta' } })
    expect((await change({ email: 'other@example.org' })).status).toBe(400)
    expect((await change({})).status).toBe(400)
  })
})

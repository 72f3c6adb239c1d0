import { randomUUID } from 'node:crypto'
import type { AuthClient } from '@socrates/db-auth'
import { makeAccessTokens } from '../auth/access-tokens.ts'
import { issue } from '../auth/refresh-tokens.ts'
import { type TestApp, testSettings } from './app.ts'

export const password = 'correct horse battery staple'

export interface Person {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly refreshToken: string
}

/** Signs somebody up, and in. */
export async function makePerson({ ask }: TestApp, name: string = randomUUID()): Promise<Person> {
  const email = `${name}@example.org`
  const payload = { email, username: name, name: 'Ada', surname: 'Lovelace', password }
  const { status, body } = await ask({ method: 'POST', url: '/v1/users', payload })
  if (status !== 201) throw new Error(`signing up: ${status} ${JSON.stringify(body)}`)
  return { id: body.id, email, ...(await signIn({ ask }, email)) }
}

export async function signIn({ ask }: Pick<TestApp, 'ask'>, email: string) {
  const { status, body } = await ask({
    method: 'POST',
    url: '/v1/auth/sign-in',
    payload: { email, password },
  })
  if (status !== 200) throw new Error(`signing in: ${status} ${JSON.stringify(body)}`)
  return { token: String(body.accessToken), refreshToken: String(body.refreshToken) }
}

export interface Quick {
  readonly id: string
  readonly token: string
}

/** Somebody who is signed in, without a password: hashing one is slow on purpose. */
export async function enter(auth: AuthClient): Promise<Quick> {
  const name = randomUUID()
  const named = { email: `${name}@example.org`, username: name, name: 'N', surname: 'S' }
  const { id } = await auth.user.create({ data: { ...named, hashedPassword: 'none' }, select: { id: true } })
  const expiresAt = new Date(Date.now() + 3_600_000)
  const { familyId } = await issue(auth, { userId: id, expiresAt, ipAddress: '127.0.0.1', userAgent: null })
  return { id, token: await makeAccessTokens(testSettings).sign({ userId: id, signInId: familyId }) }
}

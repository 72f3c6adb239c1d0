import { randomUUID } from 'node:crypto'
import { hashPasswordSync } from '@manybase/password'
import type { AuthClient } from '@socrates/db-auth'
import { makeAccessTokens } from '../auth/access-tokens.ts'
import { issue } from '../auth/refresh-tokens.ts'
import { type TestApp, testSettings } from './app.ts'

export const password = 'correct horse battery staple'

/** Hashed once in a process, since that is slow on purpose. */
const hash = hashPasswordSync(password, Buffer.alloc(16, 1))

export interface Person {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly refreshToken: string
}

/** Somebody with an account, who has signed in with `password`. */
export async function makePerson(
  { auth }: Pick<TestApp, 'auth'>,
  name: string = randomUUID(),
): Promise<Person> {
  const email = `${name}@example.org`
  const named = { email, username: name, name: 'Ada', surname: 'Lovelace' }
  const { id } = await auth.user.create({ data: { ...named, hashedPassword: hash }, select: { id: true } })
  const expiresAt = new Date(Date.now() + 3_600_000)
  const origin = { ipAddress: '127.0.0.1', userAgent: null }
  const { familyId, token: refreshToken } = await issue(auth, { userId: id, expiresAt, ...origin })
  const token = await makeAccessTokens(testSettings).sign({ userId: id, signInId: familyId })
  return { id, email, token, refreshToken }
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

export type Quick = Pick<Person, 'id' | 'token'>

/** Somebody who is signed in. */
export const enter = (auth: AuthClient): Promise<Quick> => makePerson({ auth })

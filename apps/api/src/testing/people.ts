import { randomUUID } from 'node:crypto'
import type { TestApp } from './app.ts'

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

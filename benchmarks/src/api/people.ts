import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import type { Urls } from './contestants.ts'

/** Somebody who is signed in, and one of his projects. */
export interface Somebody {
  readonly token: string
  readonly projectId: string
}

const [people, others, projectsEach] = [20, 10_000, 5]

/** Fills both databases: many who only have projects, and some who are signed in. */
export async function makePeople(url: string, urls: Urls): Promise<readonly Somebody[]> {
  const signedIn: string[] = []
  // Few at once: hashing is slow on purpose, and connections would wait for it too long.
  while (signedIn.length < people) {
    signedIn.push(...(await Promise.all([signUp(url), signUp(url), signUp(url), signUp(url)])))
  }
  const ids = await run(urls.auth, `${insertUsers(others)} RETURNING id`)
  const rows = `SELECT u, 'project ' || n FROM unnest($1::uuid[]) u, generate_series(1, ${projectsEach}) n`
  await run(urls.specs, `INSERT INTO projects (user_id, name) ${rows}`, [ids.map(({ id }) => id)])
  const made = signedIn.map(async (token) => {
    const names = Array.from({ length: projectsEach }, (_, n) => ({ name: `project ${n}` }))
    const [project] = await Promise.all(names.map((body) => post(url, '/v1/projects', body, token)))
    return { token, projectId: String(project?.id) }
  })
  const somebodies = await Promise.all(made)
  for (const each of [urls.auth, urls.specs]) {
    await run(each, 'VACUUM ANALYZE')
    await run(each, 'CHECKPOINT')
  }
  return somebodies
}

async function signUp(url: string): Promise<string> {
  const username = randomUUID()
  const account = { email: `${username}@example.org`, password: 'correct horse battery staple' }
  await post(url, '/v1/users', { ...account, username, name: 'N', surname: 'S' })
  return String((await post(url, '/v1/auth/sign-in', account)).accessToken)
}

interface Answer {
  readonly id?: string
  readonly accessToken?: string
}

async function post(url: string, path: string, body: object, token?: string): Promise<Answer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  const read: Answer = JSON.parse(await answer.text())
  return read
}

const insertUsers = (count: number): string =>
  `INSERT INTO users (email, username, hashed_password, name, surname)
   SELECT 'u' || n || '@example.org', 'u' || n, 'x', 'N', 'S' FROM generate_series(1, ${count}) n`

async function run(url: string, sql: string, values: unknown[] = []) {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows
  } finally {
    await client.end()
  }
}

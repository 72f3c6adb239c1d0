import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { receiptToken } from '../deletion/receipt-token.ts'
import { makeTestApp, type TestApp, testSettings } from '../testing/app.ts'
import { enter } from '../testing/people.ts'
import { appoint, type Cast, makeCast, makeProject, makeTeam } from '../testing/world.ts'
import { type ProjectStanding, projectStandings } from './policy.ts'

/** What a route is asked with: a fresh project, and who takes part in it. */
interface World {
  readonly projectId: string
  readonly cast: Cast
}

/** One route, how it is asked, and who gets the answer of success. */
interface Row {
  readonly payload?: object
  readonly success: number
  /** The secret of what is asked for; by default the token for measurements. */
  readonly token?: () => string
  /** Whether the sign-in is over after it: everybody then comes with one of his own. */
  readonly ends?: boolean
  readonly may:
    | 'anybody'
    | 'who has the secret'
    | 'an administrator'
    | 'who is signed in'
    | readonly ProjectStanding[]
  /** Puts there what the path names; by default the project is there. @returns the parameters of the path */
  readonly prepare?: (world: World) => Promise<Readonly<Record<string, string>>>
}

const everybody = projectStandings
const managers = ['owner', 'manage'] as const
const editors = [...managers, 'edit'] as const
const commenters = [...editors, 'comment'] as const

const withUser = async () => ({ userId: (await enter(api.auth)).id })
const withSession = async ({ projectId, cast: { owner } }: World) => {
  const { id } = await api.specs.session.create({ data: { projectId, userId: owner.id } })
  return { sessionId: id }
}
const withQuestion = async (world: World) => {
  const { sessionId } = await withSession(world)
  const asked = { category: 'goals', content: 'Why?', status: 'asked', askedAt: new Date() } as const
  const { projectId } = world
  const { id } = await api.specs.question.create({ data: { projectId, sessionId, ...asked } })
  return { sessionId, questionId: id }
}
const withSpecification = async ({ projectId }: World) => {
  const { id } = await api.specs.specification.create({
    data: { projectId, category: 'goals', key: 'k', value: 'v' },
  })
  return { specificationId: id }
}

const withShare = async ({ projectId }: World) => {
  const { id: userId } = await enter(api.auth)
  const { id } = await api.specs.projectShare.create({ data: { projectId, userId } })
  return { shareId: id }
}

/** In a team, `manage` is an administrator, `edit` a member, the two below viewers. */
const administrators = managers

const withTeam = async (world: World) => ({ teamId: await makeTeam(api, world.cast) })
const withMember = async (world: World) => {
  const { teamId } = await withTeam(world)
  const { id: userId } = await enter(api.auth)
  await api.specs.teamMember.create({ data: { teamId, userId, role: 'viewer' } })
  return { teamId, userId }
}

const nobody = '00000000-0000-4000-8000-000000000000'
const nobodysReceipt = receiptToken(testSettings, nobody)

/** Every route that there is. */
const rows: Readonly<Record<string, Row>> = {
  'GET /health': { success: 200, may: 'anybody' },
  'GET /ready': { success: 200, may: 'anybody' },
  'GET /metrics': { success: 200, may: 'who has the secret' },
  'POST /v1/users': { success: 400, may: 'anybody', payload: {} },
  'GET /v1/users/me': { success: 200, may: 'who is signed in' },
  'PATCH /v1/users/me': { success: 200, may: 'who is signed in', payload: { name: 'A' } },
  'POST /v1/auth/sign-in': { success: 400, may: 'anybody', payload: {} },
  'POST /v1/auth/refresh': { success: 400, may: 'anybody', payload: {} },
  'GET /v1/projects': { success: 200, may: 'who is signed in' },
  'POST /v1/projects': { success: 201, may: 'who is signed in', payload: { name: 'A' } },
  'GET /v1/projects/{projectId}': { success: 200, may: everybody },
  'PATCH /v1/projects/{projectId}': { success: 200, may: editors, payload: { name: 'B' } },
  'DELETE /v1/projects/{projectId}': { success: 204, may: ['owner'] },
  'GET /v1/projects/{projectId}/sessions': { success: 200, may: everybody },
  'POST /v1/projects/{projectId}/sessions': { success: 201, may: commenters, payload: {} },
  'GET /v1/projects/{projectId}/sessions/{sessionId}': {
    success: 200,
    may: everybody,
    prepare: withSession,
  },
  'PATCH /v1/projects/{projectId}/sessions/{sessionId}': {
    success: 200,
    may: commenters,
    payload: { title: 'T' },
    prepare: withSession,
  },
  'DELETE /v1/projects/{projectId}/sessions/{sessionId}': {
    success: 204,
    may: managers,
    prepare: withSession,
  },
  'GET /v1/projects/{projectId}/sessions/{sessionId}/questions': {
    success: 200,
    may: everybody,
    prepare: withSession,
  },
  'POST /v1/projects/{projectId}/sessions/{sessionId}/questions': {
    success: 201,
    may: commenters,
    payload: { category: 'goals', content: 'Why?' },
    prepare: withSession,
  },
  'PUT /v1/projects/{projectId}/sessions/{sessionId}/questions/{questionId}/answer': {
    success: 200,
    may: commenters,
    payload: { answer: 'So.' },
    prepare: withQuestion,
  },
  'GET /v1/projects/{projectId}/sessions/{sessionId}/messages': {
    success: 200,
    may: everybody,
    prepare: withSession,
  },
  'POST /v1/projects/{projectId}/sessions/{sessionId}/messages': {
    success: 201,
    may: commenters,
    payload: { content: 'Hello.' },
    prepare: withSession,
  },
  'GET /v1/projects/{projectId}/specifications': { success: 200, may: everybody },
  'POST /v1/projects/{projectId}/specifications': {
    success: 201,
    may: editors,
    payload: { category: 'goals', key: 'k', value: 'v' },
  },
  'GET /v1/projects/{projectId}/specifications/{specificationId}': {
    success: 200,
    may: everybody,
    prepare: withSpecification,
  },
  'PATCH /v1/projects/{projectId}/specifications/{specificationId}': {
    success: 200,
    may: editors,
    payload: { status: 'confirmed' },
    prepare: withSpecification,
  },
  'DELETE /v1/projects/{projectId}/specifications/{specificationId}': {
    success: 204,
    may: managers,
    prepare: withSpecification,
  },
  'GET /v1/projects/{projectId}/shares': { success: 200, may: managers },
  'POST /v1/projects/{projectId}/shares': {
    success: 422,
    may: managers,
    payload: { userId: nobody },
  },
  'PATCH /v1/projects/{projectId}/shares/{shareId}': {
    success: 200,
    may: managers,
    payload: { permission: 'edit' },
    prepare: withShare,
  },
  'DELETE /v1/projects/{projectId}/shares/{shareId}': {
    success: 204,
    may: managers,
    prepare: withShare,
  },
  'GET /v1/teams': { success: 200, may: 'who is signed in' },
  // A slug is for one team, so the same body would succeed once.
  'POST /v1/teams': { success: 400, may: 'who is signed in', payload: {} },
  'GET /v1/teams/{teamId}': { success: 200, may: everybody, prepare: withTeam },
  'PATCH /v1/teams/{teamId}': {
    success: 200,
    may: administrators,
    payload: { name: 'B' },
    prepare: withTeam,
  },
  'DELETE /v1/teams/{teamId}': { success: 204, may: ['owner'], prepare: withTeam },
  'PUT /v1/teams/{teamId}/owner': {
    success: 422,
    may: ['owner'],
    payload: { userId: nobody },
    prepare: withTeam,
  },
  'GET /v1/teams/{teamId}/members': { success: 200, may: everybody, prepare: withTeam },
  'PATCH /v1/teams/{teamId}/members/{userId}': {
    success: 200,
    may: administrators,
    payload: { role: 'member' },
    prepare: withMember,
  },
  'DELETE /v1/teams/{teamId}/members/{userId}': {
    success: 204,
    may: administrators,
    prepare: withMember,
  },
  'DELETE /v1/teams/{teamId}/members/me': {
    success: 204,
    may: ['manage', 'edit', 'comment', 'view'],
    prepare: withTeam,
  },
  'POST /v1/teams/{teamId}/invitations': {
    success: 202,
    may: administrators,
    payload: { email: 'nobody@example.org', role: 'viewer' },
    prepare: withTeam,
  },
  'POST /v1/teams/{teamId}/invitations/withdraw': {
    success: 204,
    may: administrators,
    payload: { userId: nobody },
    prepare: withTeam,
  },
  'GET /v1/users/me/invitations': { success: 200, may: 'who is signed in' },
  // Nobody is invited there: what becomes of an invitation is for members.integration.test.ts.
  'POST /v1/users/me/invitations/{teamId}/accept': {
    success: 404,
    may: 'who is signed in',
    prepare: withTeam,
  },
  'DELETE /v1/users/me/invitations/{teamId}': {
    success: 404,
    may: 'who is signed in',
    prepare: withTeam,
  },
  'GET /v1/deletions/{deletionId}': { success: 404, may: 'who has the secret', token: () => nobodysReceipt },
  'DELETE /v1/users/me': { success: 202, may: 'who is signed in', ends: true },
  'DELETE /v1/users/{userId}': { success: 202, may: 'an administrator', prepare: withUser },
  'POST /v1/users/me/anonymise': { success: 200, may: 'who is signed in', ends: true },
  'POST /v1/auth/sign-out': { success: 204, may: 'who is signed in', ends: true },
}

let api: TestApp
let cast: Cast

beforeAll(async () => {
  api = await makeTestApp()
  cast = await makeCast(api)
})
afterAll(() => api[Symbol.asyncDispose]())

test('every route has a row here', () => {
  const paths = api.app.swagger().paths ?? {}
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(Object.keys(rows).sort()).toEqual(routes.sort())
})

async function askAs(name: string, row: Row, token: string | undefined): Promise<number> {
  const [method, path = ''] = name.split(' ')
  const world = { projectId: await makeProject(api, cast), cast }
  const parameters: Record<string, string> = {
    projectId: world.projectId,
    deletionId: nobody,
    ...(await row.prepare?.(world)),
  }
  const url = path.replaceAll(/\{(\w+)\}/g, (_, key: string) => parameters[key] ?? '')
  const payload = row.payload === undefined ? {} : { payload: row.payload }
  return (await api.ask({ method: method as 'GET', url, ...payload, as: token })).status
}

function expected({ may, success }: Row, who: keyof Cast | 'nobody'): number {
  if (may === 'anybody') return success
  if (may === 'who has the secret' || who === 'nobody') return 401
  if (may === 'who is signed in') return success
  if (may === 'an administrator') return 403
  if (who === 'stranger') return 404
  return may.includes(who) ? success : 403
}

describe.each(Object.entries(rows))('%s', (name, row) => {
  test('answers everybody as he may', async () => {
    const people = ['nobody', 'stranger', ...projectStandings] as const
    const found: [string, number][] = []
    const those = row.ends ? await makeCast(api) : cast
    for (const who of people)
      found.push([who, await askAs(name, row, who === 'nobody' ? undefined : those[who].token)])
    expect(found).toEqual(people.map((who) => [who, expected(row, who)]))
    if (row.may === 'an administrator') {
      const clerk = await enter(api.auth)
      await appoint(api, clerk.id, 'users.delete')
      expect(await askAs(name, row, clerk.token)).toBe(row.success)
    }
    if (row.may === 'who has the secret')
      expect(await askAs(name, row, row.token?.() ?? testSettings.metricsToken)).toBe(row.success)
  })
})

test('what belongs to another project isn’t there, whoever asks', async () => {
  const [mine, other] = [await makeProject(api, cast), await makeProject(api, cast)]
  const world = { projectId: other, cast }
  const [{ sessionId, questionId }, { specificationId }] = [
    await withQuestion(world),
    await withSpecification(world),
  ]
  const ask = async (method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
    (
      await api.ask({
        method,
        url: `/v1/projects/${mine}${path}`,
        ...(payload && { payload }),
        as: cast.owner.token,
      })
    ).status
  const session = `/sessions/${sessionId}`
  const specification = `/specifications/${specificationId}`
  expect([
    await ask('GET', session),
    await ask('PATCH', session, { title: 'T' }),
    await ask('DELETE', session),
    await ask('POST', `${session}/questions`, { category: 'goals', content: 'Why?' }),
    await ask('PUT', `${session}/questions/${questionId}/answer`, { answer: 'So.' }),
    await ask('GET', `${session}/questions`),
    await ask('GET', `${session}/messages`),
    await ask('POST', `${session}/messages`, { content: 'Hello.' }),
    await ask('GET', specification),
    await ask('PATCH', specification, { status: 'confirmed' }),
    await ask('DELETE', specification),
  ]).toEqual(Array(11).fill(404))
  expect(await api.specs.session.count({ where: { id: sessionId } })).toBe(1)
})

test('what is not there is answered as what is somebody else’s', async () => {
  const url = (id: string) => `/v1/projects/${id}`
  const others = await api.ask({
    url: url(await makeProject(api, cast)),
    as: (await makeCast(api)).owner.token,
  })
  const nowhere = await api.ask({
    url: url(nobody),
    as: (await makeCast(api)).owner.token,
  })
  const { requestId: _, ...said } = others.body
  expect(nowhere.body).toMatchObject(said)
})

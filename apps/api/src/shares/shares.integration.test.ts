import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'
import { type Cast, makeCast, makeProject, makeTeam } from '../testing/world.ts'

const nobody = '00000000-0000-4000-8000-000000000001'

let api: TestApp
let cast: Cast
let projectId: string

beforeAll(async () => {
  api = await makeTestApp()
  cast = await makeCast(api)
  projectId = await makeProject(api, cast)
})
afterAll(() => api[Symbol.asyncDispose]())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const shares = (method: Method, path: string, { token }: Quick, payload?: object) =>
  api.ask({
    method,
    url: `/v1/projects/${projectId}/shares${path}`,
    ...(payload && { payload }),
    as: token,
  })
const share = (payload: object, by = cast.owner) => shares('POST', '', by, payload)
const standing = async ({ token }: Quick, id = projectId) =>
  (await api.ask({ url: `/v1/projects/${id}`, as: token })).body.standing
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const someone = () => enter(api.auth)

describe('a share', () => {
  test('lets somebody do what it says, until it is changed or taken back, and be given again', async () => {
    const guest = await someone()
    expect(await standing(guest)).toBeUndefined()
    const { status, body } = await share({ userId: guest.id, permission: 'comment' })
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        permission: 'comment',
        sharedBy: cast.owner.id,
        user: { id: guest.id, names: { username: expect.any(String), name: 'Ada', surname: 'Lovelace' } },
        team: null,
      }),
    ])
    expect(await standing(guest)).toBe('comment')
    await shares('PATCH', `/${body.id}`, cast.owner, { permission: 'edit' })
    expect(await standing(guest)).toBe('edit')
    expect((await shares('DELETE', `/${body.id}`, cast.owner)).status).toBe(204)
    expect(await standing(guest)).toBeUndefined()
    expect((await shares('DELETE', `/${body.id}`, cast.owner)).status).toBe(404)
    expect((await shares('PATCH', `/${body.id}`, cast.owner, { permission: 'edit' })).status).toBe(404)
    const again = await share({ userId: guest.id })
    expect([again.status, again.body.id, again.body.revokedAt]).toEqual([201, body.id, null])
    expect(await standing(guest)).toBe('view')
  })

  test('with a team lets each member do what his role does of it', async () => {
    const teamId = await makeTeam(api, cast)
    const own = await api.specs.project.create({ data: { userId: cast.owner.id, name: 'own' } })
    const url = `/v1/projects/${own.id}/shares`
    const payload = { teamId, permission: 'manage' }
    const { status, body } = await api.ask({ method: 'POST', url, payload, as: cast.owner.token })
    expect([status, body.user, body.team]).toEqual([201, null, { id: teamId, name: 'Tea' }])
    const found = await Promise.all(
      [cast.manage, cast.edit, cast.view, cast.stranger].map((who) => standing(who, own.id)),
    )
    expect(found).toEqual(['manage', 'edit', 'view', undefined])
  })

  test('ends when it says, and can be given again', async () => {
    const guest = await someone()
    const soon = new Date(Date.now() + 400)
    expect((await share({ userId: guest.id, expiresAt: soon.toISOString() })).status).toBe(201)
    expect(await standing(guest)).toBe('view')
    await new Promise((resolve) => setTimeout(resolve, soon.getTime() - Date.now() + 10))
    expect(await standing(guest)).toBeUndefined()
    expect((await share({ userId: guest.id, permission: 'comment' })).body.expiresAt).toBeNull()
    expect(await standing(guest)).toBe('comment')
  })

  test('doesn’t begin after its end', async () => {
    const guest = await someone()
    expect((await share({ userId: guest.id, expiresAt: inDays(-1) })).status).toBe(422)
    const { body } = await share({ userId: guest.id, expiresAt: inDays(1) })
    const change = (expiresAt: string | null) => shares('PATCH', `/${body.id}`, cast.owner, { expiresAt })
    expect((await change(inDays(-1))).status).toBe(422)
    expect((await change(null)).body.expiresAt).toBeNull()
  })

  test('is one for each user, however many come at once', async () => {
    const guest = await someone()
    const given = await Promise.all([1, 2, 3].map(() => share({ userId: guest.id })))
    expect(given.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const [{ body }] = given.filter(({ status }) => status === 201) as [(typeof given)[number]]
    await shares('DELETE', `/${body.id}`, cast.owner)
    const again = await Promise.all([1, 2, 3].map(() => share({ userId: guest.id })))
    expect(again.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test('is not with the owner, nobody, somebody who is gone, or a team of others', async () => {
    const gone = await someone()
    await api.ask({ method: 'DELETE', url: '/v1/users/me', as: gone.token })
    const foreign = await makeTeam(api, await makeCast(api))
    expect((await share({ userId: cast.owner.id })).status).toBe(422)
    expect((await share({ userId: nobody })).status).toBe(422)
    expect([409, 422]).toContain((await share({ userId: gone.id })).status)
    const nowhere = await share({ teamId: nobody })
    const theirs = await share({ teamId: foreign })
    expect([nowhere.status, theirs.status]).toEqual([422, 422])
    expect(theirs.body.detail).toBe(nowhere.body.detail)
    expect(
      await api.specs.projectShare.count({ where: { OR: [{ teamId: foreign }, { userId: gone.id }] } }),
    ).toBe(0)
  })

  test('of a project, or with an account, that is deleted at the same time leaves nothing', async () => {
    const ids: string[] = []
    for (let round = 0; round < 4; round++) {
      const guest = await someone()
      const own = await api.specs.project.create({ data: { userId: cast.owner.id, name: 'own' } })
      ids.push(own.id)
      const url = `/v1/projects/${own.id}`
      const answers = await Promise.all([
        api.ask({
          method: 'POST',
          url: `${url}/shares`,
          payload: { userId: guest.id },
          as: cast.owner.token,
        }),
        api.ask({ method: 'DELETE', url: '/v1/users/me', as: guest.token }),
        api.ask({ method: 'DELETE', url, as: cast.owner.token }),
      ])
      const [{ status }] = answers
      expect([201, 404, 409, 422, 503]).toContain(status)
    }
    const gone = await api.specs.project.findMany({ where: { id: { in: ids } } })
    expect(gone).toEqual([])
    expect(await api.specs.projectShare.count({ where: { projectId: { in: ids } } })).toBe(0)
  })

  test.each([
    ['a user and a team', { userId: nobody, teamId: nobody }],
    ['nobody', {}],
    ['an owner', { userId: nobody, permission: 'owner' }],
    ['who shared it', { userId: nobody, sharedBy: nobody }],
    ['another project', { userId: nobody, projectId: nobody }],
    ['a status', { userId: nobody, status: 'revoked' }],
    ['no id', { userId: "x'; DROP TABLE users; --" }],
    ['no time', { userId: nobody, expiresAt: 'tomorrow' }],
  ])('is refused when it says %s', async (_, payload) => {
    expect((await share(payload)).status).toBe(400)
  })
})

describe('permissions', () => {
  test('are given, changed and taken back by those above them only', async () => {
    const [guest, other] = [await someone(), await someone()]
    const manager = await share({ userId: other.id, permission: 'manage' })
    expect((await share({ userId: guest.id, permission: 'manage' }, cast.manage)).status).toBe(403)
    const { body } = await share({ userId: guest.id, permission: 'edit' }, cast.manage)
    const change = (id: string, by: Quick, permission: string) =>
      shares('PATCH', `/${id}`, by, { permission })
    expect((await change(body.id, cast.manage, 'manage')).status).toBe(403)
    expect((await change(manager.body.id, cast.manage, 'view')).status).toBe(403)
    expect((await shares('DELETE', `/${manager.body.id}`, cast.manage)).status).toBe(403)
    expect((await change(body.id, cast.manage, 'view')).status).toBe(200)
    expect((await change(body.id, cast.owner, 'manage')).status).toBe(200)
    expect((await shares('DELETE', `/${manager.body.id}`, cast.owner)).status).toBe(204)
  })

  test('of a share that another raises at the same time aren’t changed by who stands below', async () => {
    const guest = await someone()
    const { body } = await share({ userId: guest.id, permission: 'edit' })
    const [raised, lowered] = await Promise.all([
      shares('PATCH', `/${body.id}`, cast.owner, { permission: 'manage' }),
      shares('PATCH', `/${body.id}`, cast.manage, { permission: 'view' }),
    ])
    expect([200, 409]).toContain(raised.status)
    expect([200, 403, 409]).toContain(lowered.status)
    const last = await standing(guest)
    expect(last).toBe(raised.status === 200 ? 'manage' : 'view')
  })
})

describe('the list', () => {
  test('has what is in force, page by page, and on demand what was taken back', async () => {
    const { body } = await share({ userId: (await someone()).id })
    const ids = async (query: string) =>
      (await shares('GET', `?limit=100${query}`, cast.manage)).body.items.map(({ id }: { id: string }) => id)
    expect(await ids('')).toContain(body.id)
    await shares('DELETE', `/${body.id}`, cast.owner)
    expect(await ids('')).not.toContain(body.id)
    expect(await ids('&status=revoked')).toContain(body.id)
    const first = (await shares('GET', '?limit=2', cast.owner)).body
    const second = (await shares('GET', `?limit=98&after=${first.next}`, cast.owner)).body
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(await ids(''))
  })
})

test('a share of another project isn’t one of this', async () => {
  const other = await makeProject(api, cast)
  const { id } = await api.specs.projectShare.findFirstOrThrow({ where: { projectId: other } })
  expect((await shares('PATCH', `/${id}`, cast.owner, { permission: 'view' })).status).toBe(404)
  expect((await shares('DELETE', `/${id}`, cast.owner)).status).toBe(404)
  expect((await shares('GET', `?after=${id}`, cast.owner)).status).toBe(410)
  expect(await api.specs.projectShare.count({ where: { id, status: 'active' } })).toBe(1)
})

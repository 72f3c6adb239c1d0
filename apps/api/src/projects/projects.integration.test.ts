import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'

let api: TestApp
let ada: Quick

beforeAll(async () => {
  api = await makeTestApp()
  ada = await enter(api.auth)
})
afterAll(() => api[Symbol.asyncDispose]())

const create = (payload: object, { token }: Quick = ada) =>
  api.ask({ method: 'POST', url: '/v1/projects', payload, as: token })
const list = (query: string, { token }: Quick = ada) => api.ask({ url: `/v1/projects?${query}`, as: token })
const change = (id: string, payload: object) =>
  api.ask({ method: 'PATCH', url: `/v1/projects/${id}`, payload, as: ada.token })

describe('a project', () => {
  test('belongs to who begins it, and says no more than it is documented to', async () => {
    const { status, headers, body } = await create({ name: 'Shop', tags: ['tea'], dueOn: '2027-01-31' })
    expect([status, headers.location]).toEqual([201, `/v1/projects/${body.id}`])
    expect(body).toMatchObject({
      ownerId: ada.id,
      name: 'Shop',
      tags: ['tea'],
      dueOn: '2027-01-31',
      maturityScore: 0,
    })
    expect(Object.keys(body)).not.toContain('metadata')
    expect((await api.ask({ url: `/v1/projects/${body.id}`, as: ada.token })).body.standing).toBe('owner')
  })

  test.each([
    ['an owner', { ownerId: '00000000-0000-4000-8000-000000000001' }],
    ['a user', { userId: '00000000-0000-4000-8000-000000000001' }],
    ['a score', { maturityScore: 100 }],
    ['a time', { createdAt: '2020-01-01T00:00:00Z' }],
    ['an empty name', { name: '' }],
    ['too many tags', { tags: Array(21).fill('x') }],
    ['no status there is', { status: 'deleted' }],
  ])('takes nobody’s word for %s', async (_, more) => {
    expect((await create({ name: 'A', ...more })).status).toBe(400)
    const { body } = await create({ name: 'A' })
    expect((await change(body.id, more)).status).toBe(400)
  })

  test('has the times that its status implies', async () => {
    const { body } = await create({ name: 'A' })
    expect((await change(body.id, { status: 'completed' })).body).toMatchObject({
      completedAt: expect.any(String),
      archivedAt: null,
    })
    expect((await change(body.id, { status: 'archived' })).body.archivedAt).toEqual(expect.any(String))
    expect((await change(body.id, { status: 'active' })).body).toMatchObject({
      completedAt: null,
      archivedAt: null,
    })
  })

  test('cannot be begun by somebody who is gone, whose token is still valid a moment', async () => {
    const gone = await enter(api.auth)
    await api.ask({ method: 'DELETE', url: '/v1/users/me', as: gone.token })
    expect((await create({ name: 'A' }, gone)).status).toBe(401)
  })
})

describe('the list', () => {
  test('gives every project once, newest first, whatever comes and goes between its pages', async () => {
    const bob = await enter(api.auth)
    const ids: string[] = []
    for (const name of ['1', '2', '3', '4', '5']) ids.unshift(String((await create({ name }, bob)).body.id))
    const first = await list('limit=2', bob)
    await create({ name: 'new' }, bob)
    const second = await list(`limit=2&after=${first.body.next}`, bob)
    const third = await list(`limit=2&after=${second.body.next}`, bob)
    const found = [first, second, third].flatMap(({ body }) => body.items.map(({ id }: { id: string }) => id))
    expect(found).toEqual(ids)
    expect(third.body.next).toBeNull()
  })

  test('goes on from a project that no longer passes the filter, and says when it is gone', async () => {
    const cleo = await enter(api.auth)
    const [one, two, three] = [
      String((await create({ name: '1' }, cleo)).body.id),
      String((await create({ name: '2' }, cleo)).body.id),
      String((await create({ name: '3' }, cleo)).body.id),
    ]
    await api.specs.project.update({ where: { id: three }, data: { status: 'paused' } })
    const page = await list(`status=active&after=${three}`, cleo)
    expect(page.body.items.map(({ id }: { id: string }) => id)).toEqual([two, one])
    await api.specs.project.delete({ where: { id: three } })
    expect((await list(`after=${three}`, cleo)).body.type).toBe('urn:socrates:problem:page-gone')
  })

  test('has what is shared, as long as it is, straight or by a team', async () => {
    const dan = await enter(api.auth)
    const names = async () => (await list('', dan)).body.items.map(({ name }: { name: string }) => name)
    const share = async (name: string, more: object) => {
      const { body } = await create({ name })
      return await api.specs.projectShare.create({ data: { projectId: body.id, ...more } })
    }
    const team = await api.specs.team.create({
      data: { ownerId: ada.id, name: 'T', slug: `t-${dan.id}`, members: { create: { userId: dan.id } } },
    })
    await share('expired', { userId: dan.id, expiresAt: new Date(Date.now() + 30) })
    const revoked = await share('revoked', { userId: dan.id })
    await api.specs.projectShare.update({
      where: { id: revoked.id },
      data: { status: 'revoked', revokedAt: new Date() },
    })
    await share('straight', { userId: dan.id })
    await share('by team', { teamId: team.id })
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(await names()).toEqual(['by team', 'straight'])
    await api.specs.team.update({
      where: { id: team.id },
      data: { status: 'archived', archivedAt: new Date() },
    })
    expect(await names()).toEqual(['straight'])
  })

  test.each([
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=x',
    'after=x',
    'status=gone',
    'order=name',
    'limit=1&limit=2',
  ])('refuses ?%s', async (query) => {
    expect((await list(query)).status).toBe(400)
  })
})

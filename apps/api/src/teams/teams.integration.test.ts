import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'
import { type Cast, makeCast, makeProject, makeTeam } from '../testing/world.ts'

let api: TestApp
let cast: Cast

beforeAll(async () => {
  api = await makeTestApp()
  cast = await makeCast(api)
})
afterAll(() => api[Symbol.asyncDispose]())

const found = (payload: object, { token }: Quick = cast.owner) =>
  api.ask({ method: 'POST', url: '/v1/teams', payload, as: token })
const change = (teamId: string, payload: object) =>
  api.ask({ method: 'PATCH', url: `/v1/teams/${teamId}`, payload, as: cast.owner.token })
const handOver = (teamId: string, to: string, by: Quick) =>
  api.ask({ method: 'PUT', url: `/v1/teams/${teamId}/owner`, payload: { userId: to }, as: by.token })
const leave = (teamId: string, { token }: Quick) =>
  api.ask({ method: 'DELETE', url: `/v1/teams/${teamId}/members/me`, as: token })
const standing = async (teamId: string, { token }: Quick) =>
  (await api.ask({ url: `/v1/teams/${teamId}`, as: token })).body.standing
const slug = () => `t-${randomUUID()}`

describe('a team', () => {
  test('is its founder’s, who is its first member', async () => {
    const { status, headers, body } = await found({ name: 'Tea', slug: slug() })
    expect([status, headers.location]).toEqual([201, `/v1/teams/${body.id}`])
    expect(body).toMatchObject({ ownerId: cast.owner.id, name: 'Tea', status: 'active' })
    expect(Object.keys(body)).not.toContain('settings')
    expect(await standing(body.id, cast.owner)).toBe('owner')
    expect(await api.specs.teamMember.findMany({ where: { teamId: body.id } })).toMatchObject([
      { userId: cast.owner.id, role: 'owner', status: 'active', invitedBy: null },
    ])
  })

  test('has a slug of its own, however many want it at once', async () => {
    const wanted = slug()
    const answers = await Promise.all([1, 2, 3].map(() => found({ name: 'Tea', slug: wanted })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test.each([
    ['an owner', { ownerId: '00000000-0000-4000-8000-000000000001' }],
    ['members', { members: { create: [] } }],
    ['settings', { settings: {} }],
    ['a slug that is none', { slug: 'A B' }],
    ['NUL', { name: 'a\0b' }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['a body that is too long', { description: 'x'.repeat(10_001) }],
  ])('takes nobody’s word for %s', async (_, more) => {
    expect((await found({ name: 'A', slug: slug(), ...more })).status).toBe(400)
    expect((await change(await makeTeam(api, cast), more)).status).toBe(400)
  })

  test('that is archived gives nothing to its members, until it is active again', async () => {
    const teamId = await makeTeam(api, cast)
    const guest = await enter(api.auth)
    await api.specs.teamMember.create({ data: { teamId, userId: guest.id, role: 'admin' } })
    const projectId = await makeProject(api, cast)
    await api.specs.projectShare.create({ data: { projectId, teamId, permission: 'edit' } })
    const look = async () => (await api.ask({ url: `/v1/projects/${projectId}`, as: guest.token })).status
    expect(await look()).toBe(200)
    expect((await change(teamId, { status: 'archived' })).body.archivedAt).toEqual(expect.any(String))
    expect(await look()).toBe(404)
    expect((await change(teamId, { status: 'active' })).body.archivedAt).toBeNull()
    expect(await look()).toBe(200)
  })

  test('takes along what was shared with it, and no project', async () => {
    const teamId = await makeTeam(api, cast)
    const projectId = await makeProject(api, cast)
    await api.specs.projectShare.create({ data: { projectId, teamId } })
    const { status } = await api.ask({
      method: 'DELETE',
      url: `/v1/teams/${teamId}`,
      as: cast.owner.token,
    })
    expect(status).toBe(204)
    expect(await api.specs.projectShare.count({ where: { teamId } })).toBe(0)
    expect(await api.specs.teamMember.count({ where: { teamId } })).toBe(0)
    expect(await api.specs.project.count({ where: { id: projectId } })).toBe(1)
  })
})

describe('the list', () => {
  test('has the teams that somebody takes part in, page by page', async () => {
    const guest = await enter(api.auth)
    const ids: string[] = []
    for (const status of ['active', 'active', 'suspended', 'invited'] as const) {
      const teamId = await makeTeam(api, cast)
      await api.specs.teamMember.create({ data: { teamId, userId: guest.id, status } })
      if (status === 'active') ids.unshift(teamId)
    }
    ids.unshift(String((await found({ name: 'own', slug: slug() }, guest)).body.id))
    const page = async (query: string) => (await api.ask({ url: `/v1/teams?${query}`, as: guest.token })).body
    const first = await page('limit=2')
    const second = await page(`limit=2&after=${first.next}`)
    const all = [...first.items, ...second.items].map(({ id }: { id: string }) => id)
    expect([all, second.next]).toEqual([ids, null])
  })
})

describe('handing a team over', () => {
  test('makes a member the owner, and its owner an administrator, who may leave', async () => {
    const teamId = await makeTeam(api, cast)
    const { status, body } = await handOver(teamId, cast.edit.id, cast.owner)
    expect([status, body.ownerId]).toEqual([200, cast.edit.id])
    expect(await standing(teamId, cast.edit)).toBe('owner')
    expect(await standing(teamId, cast.owner)).toBe('admin')
    expect((await leave(teamId, cast.edit)).status).toBe(403)
    expect((await leave(teamId, cast.owner)).status).toBe(204)
    expect(await standing(teamId, cast.owner)).toBeUndefined()
  })

  test('goes to active members only', async () => {
    const teamId = await makeTeam(api, cast)
    const [invited, suspended] = [await enter(api.auth), await enter(api.auth)]
    await api.specs.teamMember.createMany({
      data: [
        { teamId, userId: invited.id, status: 'invited' },
        { teamId, userId: suspended.id, status: 'suspended' },
      ],
    })
    for (const { id } of [invited, suspended, cast.stranger])
      expect((await handOver(teamId, id, cast.owner)).status).toBe(422)
    expect((await handOver(teamId, cast.owner.id, cast.owner)).status).toBe(409)
    expect(await standing(teamId, cast.owner)).toBe('owner')
  })

  test('leaves one owner, who is a member, whatever happens at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const teamId = await makeTeam(api, cast)
      const answers = await Promise.all([
        handOver(teamId, cast.manage.id, cast.owner),
        handOver(teamId, cast.edit.id, cast.owner),
        leave(teamId, cast.manage),
        leave(teamId, cast.edit),
      ])
      expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([])
      const team = await api.specs.team.findUniqueOrThrow({
        where: { id: teamId },
        include: { members: { where: { role: 'owner' } } },
      })
      expect(team.members).toMatchObject([{ userId: team.ownerId, status: 'active' }])
    }
  })

  test.each([
    ['deleted', 'DELETE', '/v1/users/me', [200, 202, 409, 422, 503]],
    // Not 503: neither waits for the other in a circle until a time limit ends it.
    ['anonymised', 'POST', '/v1/users/me/anonymise', [200, 409, 422]],
  ] as const)(
    'to somebody whose account is %s at the same time leaves no team to nobody',
    async (_, method, url, allowed) => {
      const [teamIds, answers]: [string[], number[]] = [[], []]
      for (let round = 0; round < 5; round++) {
        const teamId = await makeTeam(api, cast)
        const heir = await enter(api.auth)
        await api.specs.teamMember.create({ data: { teamId, userId: heir.id } })
        const [given, ended] = await Promise.all([
          handOver(teamId, heir.id, cast.owner),
          api.ask({ method, url, as: heir.token }),
        ])
        teamIds.push(teamId)
        answers.push(given.status, ended.status)
      }
      for (const status of answers) expect(allowed).toContain(status)
      const teams = await api.specs.team.findMany({ where: { id: { in: teamIds } } })
      for (const { ownerId: id } of teams)
        expect(await api.auth.user.count({ where: { id, status: 'active' } })).toBe(1)
    },
  )

  test('lets its owner’s account be deleted, which a team of his forbids', async () => {
    const owner = await enter(api.auth)
    const { body } = await found({ name: 'Tea', slug: slug() }, owner)
    await api.specs.teamMember.create({ data: { teamId: body.id, userId: cast.edit.id } })
    const remove = () => api.ask({ method: 'DELETE', url: '/v1/users/me', as: owner.token })
    expect(await remove()).toMatchObject({
      status: 409,
      body: { restricting: [{ reference: 'public.teams.owner_id', rows: 1 }] },
    })
    expect((await handOver(body.id, cast.edit.id, owner)).status).toBe(200)
    expect((await remove()).status).toBe(202)
  })
})

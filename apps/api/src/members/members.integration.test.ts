import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'
import { type Cast, makeCast, makeTeam } from '../testing/world.ts'

let api: TestApp
let cast: Cast
let teamId: string

beforeAll(async () => {
  api = await makeTestApp()
  cast = await makeCast(api)
  teamId = await makeTeam(api, cast)
})
afterAll(() => api[Symbol.asyncDispose]())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const inTeam = (method: Method, path: string, { token }: Quick, payload?: object) =>
  api.ask({ method, url: `/v1/teams/${teamId}${path}`, ...(payload && { payload }), as: token })
const invite = (payload: object, by = cast.owner) => inTeam('POST', '/invitations', by, payload)
const mine = (method: Method, path: string, { token }: Quick) =>
  api.ask({ method, url: `/v1/users/me/invitations${path}`, as: token })
const standing = async (who: Quick) => (await inTeam('GET', '', who)).body.standing
const emailOf = async ({ id }: Quick) =>
  (await api.auth.user.findUniqueOrThrow({ where: { id }, select: { email: true } })).email
const make = async (role: 'owner' | 'admin' | 'member' | 'viewer', more: object = {}): Promise<Quick> => {
  const person = await enter(api.auth)
  await api.specs.teamMember.create({ data: { teamId, userId: person.id, role, ...more } })
  return person
}
const listed = async () => {
  const { body } = await inTeam('GET', '/members?limit=100', cast.view)
  return body.items.map(({ userId }: { userId: string }) => userId)
}

describe('an invitation', () => {
  test.each(['email', 'userId'])('by %s makes a member of who accepts it', async (by) => {
    const guest = await enter(api.auth)
    const whom = by === 'email' ? { email: (await emailOf(guest)).toUpperCase() } : { userId: guest.id }
    expect((await invite({ ...whom, role: 'member' })).status).toBe(202)
    expect(await standing(guest)).toBeUndefined()
    expect((await mine('GET', '', guest)).body.items).toMatchObject([
      { team: { id: teamId, name: 'Tea' }, role: 'member', invitedBy: { name: 'Ada', surname: 'Lovelace' } },
    ])
    expect((await mine('POST', `/${teamId}/accept`, guest)).status).toBe(204)
    expect(await standing(guest)).toBe('member')
    expect((await mine('POST', `/${teamId}/accept`, guest)).status).toBe(404)
  })

  test('can be declined, and taken back', async () => {
    const guest = await enter(api.auth)
    await invite({ userId: guest.id, role: 'viewer' })
    expect((await mine('DELETE', `/${teamId}`, guest)).status).toBe(204)
    await invite({ userId: guest.id, role: 'viewer' })
    const withdraw = { email: await emailOf(guest) }
    expect((await inTeam('POST', '/invitations/withdraw', cast.owner, withdraw)).status).toBe(204)
    expect((await mine('POST', `/${teamId}/accept`, guest)).status).toBe(404)
  })

  test('by address tells nobody who has an account, is invited, or a member', async () => {
    const [guest, member] = [await enter(api.auth), await make('viewer')]
    const addresses = [
      'nobody@example.org',
      await emailOf(guest),
      await emailOf(guest),
      await emailOf(member),
    ]
    const before = await listed()
    for (const email of addresses) {
      const started = performance.now()
      const { status, body } = await invite({ email, role: 'viewer' })
      expect([status, body]).toEqual([202, ''])
      expect(performance.now() - started).toBeGreaterThan(240)
    }
    expect(await listed()).toEqual(before)
    expect((await inTeam('DELETE', `/members/${guest.id}`, cast.owner)).status).toBe(404)
  })

  test('changes nothing about who is a member already, and is one however often it is sent', async () => {
    const member = await make('viewer')
    expect((await invite({ userId: member.id, role: 'admin' })).status).toBe(409)
    expect((await invite({ email: await emailOf(member), role: 'admin' })).status).toBe(202)
    expect((await invite({ email: await emailOf(cast.owner), role: 'viewer' })).status).toBe(202)
    expect([await standing(member), await standing(cast.owner)]).toEqual(['viewer', 'owner'])
    const guest = await enter(api.auth)
    const sent = await Promise.all([1, 2, 3].map(() => invite({ userId: guest.id, role: 'viewer' })))
    expect(sent.map(({ status }) => status).sort()).toEqual([202, 409, 409])
  })

  test('of somebody who never was, or is gone, is refused by id', async () => {
    const gone = await enter(api.auth)
    await api.ask({ method: 'DELETE', url: '/v1/users/me', as: gone.token })
    const nobody = '00000000-0000-4000-8000-000000000001'
    expect((await invite({ userId: nobody, role: 'viewer' })).status).toBe(422)
    expect([409, 422]).toContain((await invite({ userId: gone.id, role: 'viewer' })).status)
    expect(await api.specs.teamMember.count({ where: { userId: { in: [gone.id, nobody] } } })).toBe(0)
  })

  test('while the account is deleted leaves no membership of nobody', async () => {
    const guests = await Promise.all([1, 2, 3, 4].map(() => enter(api.auth)))
    const answers = await Promise.all(
      guests.flatMap(({ id, token }) => [
        invite({ userId: id, role: 'viewer' }),
        api.ask({ method: 'DELETE', url: '/v1/users/me', as: token }),
      ]),
    )
    for (const { status } of answers) expect([202, 409, 422, 503]).toContain(status)
  })

  test('is one of a few a minute, so that nobody tries addresses out', async () => {
    const other = await makeTestApp({ signInRateLimit: 2 })
    try {
      const people = await makeCast(other)
      const url = `/v1/teams/${await makeTeam(other, people)}/invitations`
      const send = (email: string) =>
        other.ask({ method: 'POST', url, payload: { email, role: 'viewer' }, as: people.owner.token })
      const answers = [await send('a@example.org'), await send('b@example.org'), await send('c@example.org')]
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 429])
    } finally {
      await other[Symbol.asyncDispose]()
    }
  })

  test('is there for each that was said to be sent, of however many at once', async () => {
    const guests = await Promise.all(Array.from({ length: 25 }, () => enter(api.auth)))
    const sent = await Promise.all(guests.map(({ id }) => invite({ userId: id, role: 'viewer' })))
    const invited = sent.filter(({ status }) => status === 202).length
    for (const { status } of sent) expect([202, 503]).toContain(status)
    const where = { teamId, userId: { in: guests.map(({ id }) => id) } }
    expect(await api.specs.teamMember.count({ where })).toBe(invited)
    expect(invited).toBeGreaterThan(0)
  })

  test.each([
    ['both', { email: 'a@example.org', userId: '00000000-0000-4000-8000-000000000001', role: 'viewer' }],
    ['nobody', { role: 'viewer' }],
    ['ownership', { email: 'a@example.org', role: 'owner' }],
    ['a status', { email: 'a@example.org', role: 'viewer', status: 'active' }],
    ['NUL', { email: 'a\0@example.org', role: 'viewer' }],
    ['an address that is too long', { email: `${'a'.repeat(320)}@example.org`, role: 'viewer' }],
  ])('is refused when it says %s', async (_, payload) => {
    expect((await invite(payload)).status).toBe(400)
  })
})

describe('roles', () => {
  test('are given, changed and taken by those above them only', async () => {
    const [admin, peer, member] = [await make('admin'), await make('admin'), await make('member')]
    const change = async (who: Quick, role: string, by: Quick) =>
      (await inTeam('PATCH', `/members/${who.id}`, by, { role })).status
    const remove = async (who: Quick, by: Quick) => (await inTeam('DELETE', `/members/${who.id}`, by)).status
    expect((await invite({ email: 'a@example.org', role: 'admin' }, admin)).status).toBe(403)
    expect(await change(member, 'admin', admin)).toBe(403)
    expect(await change(admin, 'viewer', admin)).toBe(403)
    expect(await change(peer, 'viewer', admin)).toBe(403)
    expect(await change(cast.owner, 'viewer', admin)).toBe(403)
    expect(await change(cast.owner, 'admin', cast.owner)).toBe(403)
    expect(await change(member, 'owner', cast.owner)).toBe(400)
    expect(await remove(peer, admin)).toBe(403)
    expect(await remove(cast.owner, admin)).toBe(403)
    expect(await change(member, 'viewer', admin)).toBe(200)
    expect(await change(peer, 'member', cast.owner)).toBe(200)
    expect(await remove(peer, admin)).toBe(204)
    expect([await standing(member), await standing(peer)]).toEqual(['viewer', undefined])
  })

  test('above one’s own invitations are not withdrawn either', async () => {
    const [admin, guest] = [await make('admin'), await enter(api.auth)]
    await invite({ userId: guest.id, role: 'admin' })
    const withdraw = (by: Quick) => inTeam('POST', '/invitations/withdraw', by, { userId: guest.id })
    expect((await withdraw(admin)).status).toBe(204)
    expect((await mine('GET', '', guest)).body.items).toHaveLength(1)
    await withdraw(cast.owner)
    expect((await mine('GET', '', guest)).body.items).toHaveLength(0)
  })

  test('that a membership calls the owner’s give an administrator’s rights', async () => {
    const false_ = await make('owner')
    expect(await standing(false_)).toBe('admin')
    expect((await inTeam('DELETE', '', false_)).status).toBe(403)
    expect((await inTeam('DELETE', `/members/${cast.owner.id}`, false_)).status).toBe(403)
  })

  test('end for who is suspended, until he isn’t', async () => {
    const member = await make('member')
    const change = (status: string) => inTeam('PATCH', `/members/${member.id}`, cast.owner, { status })
    expect((await change('suspended')).body).toMatchObject({ status: 'suspended', names: { name: 'Ada' } })
    expect(await standing(member)).toBeUndefined()
    expect((await change('invited')).status).toBe(400)
    await change('active')
    expect(await standing(member)).toBe('member')
  })

  test('are gone at once: who was an administrator when two requests came changes nobody after', async () => {
    const [admin, member] = [await make('admin'), await make('viewer')]
    const [removed, changed] = await Promise.all([
      inTeam('DELETE', `/members/${admin.id}`, cast.owner),
      inTeam('PATCH', `/members/${member.id}`, admin, { role: 'member' }),
    ])
    expect(removed.status).toBe(204)
    expect([200, 403, 404]).toContain(changed.status)
    expect((await inTeam('PATCH', `/members/${member.id}`, admin, { role: 'viewer' })).status).toBe(404)
  })
})

describe('the list of members', () => {
  test('has names of the other database, and nothing else of the accounts', async () => {
    const { body } = await inTeam('GET', '/members?role=owner&limit=100', cast.view)
    const owner = body.items.find(({ userId }: { userId: string }) => userId === cast.owner.id)
    expect(owner).toMatchObject({
      role: 'owner',
      status: 'active',
      names: { name: 'Ada', surname: 'Lovelace' },
    })
    expect(Object.keys(owner.names).sort()).toEqual(['name', 'surname', 'username'])
    expect(JSON.stringify(body)).not.toContain('@example.org')
  })

  test('shows a member without names once his account is deleted, until he is swept', async () => {
    const member = await make('viewer')
    await api.ask({ method: 'DELETE', url: '/v1/users/me', as: member.token })
    const { body } = await inTeam('GET', '/members?limit=1', cast.view)
    expect(body.items).toMatchObject([{ userId: member.id, names: null }])
  })

  test('has each member once, page by page', async () => {
    const all = await listed()
    const pages: string[] = []
    let after = ''
    do {
      const { body } = await inTeam('GET', `/members?limit=3${after}`, cast.view)
      pages.push(...body.items.map(({ userId }: { userId: string }) => userId))
      after = body.next === null ? '' : `&after=${body.next}`
    } while (after)
    expect(pages).toEqual(all)
  })
})

test('a member of another team isn’t one of this', async () => {
  const other = await makeTeam(api, cast)
  const stranger = await enter(api.auth)
  const { id } = await api.specs.teamMember.create({ data: { teamId: other, userId: stranger.id } })
  expect((await inTeam('PATCH', `/members/${stranger.id}`, cast.owner, { role: 'viewer' })).status).toBe(404)
  expect((await inTeam('DELETE', `/members/${stranger.id}`, cast.owner)).status).toBe(404)
  expect((await inTeam('GET', `/members?after=${id}`, cast.owner)).status).toBe(410)
  expect((await inTeam('DELETE', '/members/me', stranger)).status).toBe(404)
  expect(await api.specs.teamMember.count({ where: { id } })).toBe(1)
})

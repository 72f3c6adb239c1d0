import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startSweeper } from '@manybase/app-validation/sweeper'
import { makeTestApp, type TestApp } from '../testing/app.ts'
import { enter, type Quick } from '../testing/people.ts'
import { appoint } from '../testing/world.ts'

let api: TestApp

beforeAll(async () => {
  api = await makeTestApp()
})
afterAll(() => api[Symbol.asyncDispose]())

const remove = ({ token }: Quick) => api.ask({ method: 'DELETE', url: '/v1/users/me', as: token })
const anonymise = ({ token }: Quick) => api.ask({ method: 'POST', url: '/v1/users/me/anonymise', as: token })
const receipt = (id: string, as?: string) => api.ask({ url: `/v1/deletions/${id}`, as })

/** Somebody with a project of his own, and a word in a guest's. */
async function makeAuthor() {
  const [author, other] = [await enter(api.auth), await enter(api.auth)]
  const own = await api.specs.project.create({ data: { userId: author.id, name: 'own' } })
  const guest = await api.specs.project.create({
    data: {
      userId: other.id,
      name: 'other’s',
      specifications: {
        create: {
          category: 'goals',
          key: 'k',
          value: 'v',
          status: 'confirmed',
          confirmedBy: author.id,
          confirmedAt: new Date(),
        },
      },
      activityLogs: {
        create: {
          userId: author.id,
          action: 'project.read',
          entityType: 'project',
          ipAddress: '192.0.2.1',
          userAgent: 'Browser',
        },
      },
    },
  })
  return { author, other, own, guest }
}

async function bill(userId: string): Promise<void> {
  const [start, end] = [new Date('2026-01-01'), new Date('2026-02-01')]
  await api.specs.invoice.create({
    data: {
      userId,
      number: randomUUID(),
      subtotalAmount: 900n,
      totalAmount: 900n,
      periodStart: start,
      periodEnd: end,
    },
  })
}

describe('deleting one’s account', () => {
  test('takes what names it in the other database, and leaves a receipt that its secret opens', async () => {
    const { author, own, guest } = await makeAuthor()
    const { status, body, headers } = await remove(author)
    expect([status, headers.location]).toEqual([202, `/v1/deletions/${author.id}`])
    expect((await api.ask({ url: '/v1/users/me', as: author.token })).status).toBe(401)
    expect((await receipt(body.deletionId, body.receiptToken)).body).toMatchObject({
      id: author.id,
      status: 'pending',
      databases: [{ database: 'socrates_specs', sweptAt: null, done: [] }],
    })

    const sweeper = startSweeper({ auth: api.auth, specs: api.specs })
    try {
      let report = await receipt(body.deletionId, body.receiptToken)
      while (report.body.status === 'pending') {
        await new Promise((resolve) => setTimeout(resolve, 50))
        report = await receipt(body.deletionId, body.receiptToken)
      }
      expect(report.body.databases[0].done).toEqual(
        expect.arrayContaining([
          { column: 'public.projects.user_id', action: 'Cascade', rows: 1, left: 0 },
          { column: 'public.specifications.confirmed_by', action: 'SetNull', rows: 1, left: 0 },
          { column: 'public.activity_logs.user_id', action: 'Keep', rows: 0, left: 1 },
        ]),
      )
    } finally {
      await sweeper.stop()
    }
    expect(await api.specs.project.findMany({ where: { id: { in: [own.id, guest.id] } } })).toHaveLength(1)
  })

  test('leaves nothing of what is written at the same moment, and refuses it as documented', async () => {
    const author = await enter(api.auth)
    const write = () =>
      api.ask({ method: 'POST', url: '/v1/projects', payload: { name: 'late' }, as: author.token })
    const [removed, ...written] = await Promise.all([remove(author), ...Array.from({ length: 8 }, write)])
    expect(removed.status).toBe(202)
    for (const { status } of written) expect([201, 401, 409, 422, 503]).toContain(status)
    const sweeper = startSweeper({ auth: api.auth, specs: api.specs })
    try {
      while ((await receipt(author.id, removed.body.receiptToken)).body.status === 'pending')
        await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await sweeper.stop()
    }
    expect(await api.specs.project.count({ where: { userId: author.id } })).toBe(0)
  })

  test('happens once, however often it is asked for at once', async () => {
    const author = await enter(api.auth)
    const answers = await Promise.all([remove(author), remove(author), remove(author)])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    for (const status of statuses) expect([202, 401, 404, 409]).toContain(status)
  })

  test('shows its receipt to nobody else', async () => {
    const [one, other] = [await enter(api.auth), await enter(api.auth)]
    const { body } = await remove(one)
    expect((await receipt(one.id)).status).toBe(401)
    expect((await receipt(one.id, other.token)).status).toBe(401)
    expect((await receipt(other.id, body.receiptToken)).status).toBe(401)
  })

  test('is refused while invoices name it, with what forbids it', async () => {
    const customer = await enter(api.auth)
    await bill(customer.id)
    expect(await remove(customer)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:socrates:problem:deletion-restricted',
        detail: expect.stringContaining('/v1/users/me/anonymise'),
        restricting: [{ database: 'socrates_specs', reference: 'public.invoices.user_id', rows: 1 }],
      },
    })
    expect((await api.ask({ url: '/v1/users/me', as: customer.token })).status).toBe(200)
  })
})

describe('deleting somebody’s account', () => {
  const removeAs = ({ token }: Quick, id: string) =>
    api.ask({ method: 'DELETE', url: `/v1/users/${id}`, as: token })

  test('takes an administrator, and is in the trail, as is what was refused', async () => {
    const [clerk, someone, customer, chief] = [
      await enter(api.auth),
      await enter(api.auth),
      await enter(api.auth),
      await enter(api.auth),
    ]
    const adminUserId = await appoint(api, clerk.id, 'users.delete')
    await appoint(api, chief.id, '*')
    await bill(customer.id)
    const { status, body } = await removeAs(clerk, someone.id)
    expect([status, (await receipt(someone.id, body.receiptToken)).body.status]).toEqual([202, 'pending'])
    expect((await removeAs(clerk, customer.id)).status).toBe(409)
    expect((await removeAs(clerk, chief.id)).status).toBe(403)
    const trail = await api.auth.adminAuditLog.findMany({
      where: { adminUserId },
      select: { targetId: true, outcome: true, reason: true },
      orderBy: { createdAt: 'asc' },
    })
    expect(trail).toEqual([
      { targetId: someone.id, outcome: 'succeeded', reason: null },
      { targetId: customer.id, outcome: 'denied', reason: 'deletion-restricted' },
      { targetId: chief.id, outcome: 'denied', reason: 'forbidden' },
    ])
  })

  test('is nobody’s whose role is suspended, over, or for other things', async () => {
    const [clerk, someone] = [await enter(api.auth), await enter(api.auth)]
    const id = await appoint(api, clerk.id, 'users.read')
    expect((await removeAs(clerk, someone.id)).status).toBe(403)
    await api.auth.adminUser.update({
      where: { id },
      data: { role: { update: { permissions: ['*'] } }, status: 'suspended' },
    })
    expect((await removeAs(clerk, someone.id)).status).toBe(403)
  })
})

describe('anonymising one’s account', () => {
  test('keeps the invoices and the account they name, and nothing that says whose it was', async () => {
    const { author, own, guest } = await makeAuthor()
    await bill(author.id)
    const before = await api.auth.user.findUniqueOrThrow({ where: { id: author.id } })
    const { status, body } = await anonymise(author)
    expect(status).toBe(200)
    expect(body.done).toEqual(
      expect.arrayContaining([
        { column: 'public.projects.user_id', action: 'Cascade', rows: 1 },
        { column: 'public.specifications.confirmed_by', action: 'SetNull', rows: 1 },
        { column: 'public.invoices.user_id', action: 'Restrict', rows: 0 },
      ]),
    )
    expect(await api.specs.invoice.count({ where: { userId: author.id } })).toBe(1)
    expect(await api.specs.project.findMany({ where: { id: { in: [own.id, guest.id] } } })).toHaveLength(1)
    expect(await api.specs.activityLog.findFirst({ where: { userId: author.id } })).toMatchObject({
      ipAddress: null,
      userAgent: null,
    })
    const after = await api.auth.user.findUniqueOrThrow({
      where: { id: author.id },
      include: { refreshTokens: true },
    })
    expect(after).toMatchObject({ status: 'deactivated', refreshTokens: [], anonymizedAt: expect.any(Date) })
    for (const value of [before.email, before.username]) expect(JSON.stringify(after)).not.toContain(value)
    expect((await api.ask({ url: '/v1/users/me', as: author.token })).status).toBe(401)
  })

  test('waits until a team has another owner', async () => {
    const owner = await enter(api.auth)
    await api.specs.team.create({ data: { ownerId: owner.id, name: 'Tea', slug: `t-${owner.id}` } })
    expect(await anonymise(owner)).toMatchObject({
      status: 409,
      body: { restricting: [{ reference: 'public.teams.owner_id', rows: 1 }] },
    })
    expect((await api.ask({ url: '/v1/users/me', as: owner.token })).body.email).toContain('@example.org')
  })
})

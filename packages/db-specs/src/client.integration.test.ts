import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import type { SpecsClient } from './index.ts'
import { ChunkStatus, createSpecsClient, Prisma, ProjectPhase, ProjectStatus } from './index.ts'
import { migratedDatabase } from './testing/migrated-database.ts'

const hash = () => (randomUUID() + randomUUID()).replaceAll('-', '')
const month = 30 * 24 * 3_600_000

describe('createSpecsClient', () => {
  let place: TestDatabase
  let client: SpecsClient

  beforeAll(async () => {
    place = await migratedDatabase()
    client = createSpecsClient({ url: place.url, log: { levels: [] } })
  })

  afterAll(async () => {
    await client.$disconnect()
    await place.drop()
  })

  const code = (error: unknown) =>
    error instanceof Prisma.PrismaClientKnownRequestError ? error.code : error
  const refusal = async (promise: PromiseLike<unknown>) => promise.then(() => 'done', code)
  const project = () => client.project.create({ data: { userId: randomUUID(), name: 'Shop' } })

  test('adds a project, with what the server fills in', async () => {
    const [before] = await client.$queryRaw<[{ now: Date }]>`SELECT now()`
    const created = await project()
    expect(created).toMatchObject({
      description: '',
      phase: ProjectPhase.discovery,
      status: ProjectStatus.active,
      tags: [],
      settings: {},
      metadata: {},
    })
    expect(created.maturityScore).toEqual(new Prisma.Decimal(0))
    expect(created.createdAt.getTime()).toBeGreaterThanOrEqual(before.now.getTime())
    expect(created.updatedAt).toEqual(created.createdAt)
  })

  test('has times from the server alone, whatever the clock or the wish of the caller', async () => {
    const { id, createdAt } = await project()
    const changed = await client.project.update({
      where: { id },
      data: { name: 'B', updatedAt: new Date(0) },
    })
    const unchanged = await client.project.update({ where: { id }, data: { name: 'B' } })
    expect(changed.updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime())
    expect(unchanged.updatedAt).toEqual(changed.updatedAt)
  })

  test('finds projects by what their JSON contains, and by a label', async () => {
    const data = {
      userId: randomUUID(),
      name: 'Found',
      metadata: { source: { kind: 'import' } },
      tags: ['beta'],
    }
    const { id } = await client.project.create({ data })
    const found = await client.project.findMany({
      where: { metadata: { path: ['source', 'kind'], equals: 'import' }, tags: { has: 'beta' } },
    })
    expect(found.map((row) => row.id)).toEqual([id])
  })

  test('refuses a percentage above 100 and JSON of the wrong shape', async () => {
    const data = { userId: randomUUID(), name: 'x' }
    expect(await refusal(client.project.create({ data: { ...data, maturityScore: 100.01 } }))).toBe('P2039')
    expect(await refusal(client.project.create({ data: { ...data, metadata: [] } }))).toBe('P2039')
  })

  test('takes with a project all that depends on it, and keeps what only mentions it', async () => {
    const { id: projectId, userId } = await project()
    const session = await client.session.create({ data: { projectId, userId } })
    const question = await client.question.create({
      data: { projectId, sessionId: session.id, category: 'goals', content: 'For whom?' },
    })
    const specification = await client.specification.create({
      data: {
        projectId,
        sessionId: session.id,
        questionId: question.id,
        category: 'users',
        key: 'audience',
        value: 'Everybody',
      },
    })
    await client.conversationHistory.create({
      data: {
        sessionId: session.id,
        questionId: question.id,
        ordinal: 1,
        role: 'assistant',
        content: 'For whom?',
      },
    })
    await client.conflict.create({
      data: {
        projectId,
        specificationId: specification.id,
        type: 'ambiguity',
        description: 'Who is everybody?',
      },
    })
    const log = await client.activityLog.create({
      data: { projectId, userId, action: 'project.create', entityType: 'project', entityId: projectId },
    })
    const usage = await client.llmUsageTracking.create({
      data: {
        projectId,
        sessionId: session.id,
        userId,
        provider: 'anthropic',
        model: 'm',
        type: 'conversation',
      },
    })

    await client.session.delete({ where: { id: session.id } })
    expect(await client.specification.findUnique({ where: { id: specification.id } })).toMatchObject({
      sessionId: null,
      questionId: question.id,
    })
    expect(await client.conversationHistory.count({ where: { sessionId: session.id } })).toBe(0)

    await client.project.delete({ where: { id: projectId } })
    expect(await client.specification.count({ where: { projectId } })).toBe(0)
    expect(await client.conflict.count({ where: { projectId } })).toBe(0)
    expect(await client.activityLog.findUnique({ where: { id: log.id } })).toMatchObject({
      projectId: null,
      userId,
    })
    expect(await client.llmUsageTracking.findUnique({ where: { id: usage.id } })).toMatchObject({
      projectId: null,
      sessionId: null,
      userId,
    })
  })

  test('counts money in integers beyond the range of floats, and keeps a subscription with invoices', async () => {
    const userId = randomUUID()
    const period = { start: new Date(), end: new Date(Date.now() + month) }
    const subscription = await client.subscription.create({
      data: { userId, currentPeriodStart: period.start, currentPeriodEnd: period.end },
    })
    const invoice = {
      subscriptionId: subscription.id,
      userId,
      number: randomUUID(),
      subtotalAmount: 9_007_199_254_740_993n,
      taxAmount: 1n,
      totalAmount: 9_007_199_254_740_994n,
      periodStart: period.start,
      periodEnd: period.end,
    }
    const { id, totalAmount } = await client.invoice.create({ data: invoice })
    expect(totalAmount).toBe(9_007_199_254_740_994n)
    const wrong = { ...invoice, number: randomUUID(), totalAmount: 5n }
    expect(await refusal(client.invoice.create({ data: wrong }))).toBe('P2039')
    const backwards = { ...invoice, number: randomUUID(), periodStart: period.end, periodEnd: period.start }
    expect(await refusal(client.invoice.create({ data: backwards }))).toBe('P2039')
    expect(await refusal(client.subscription.delete({ where: { id: subscription.id } }))).toBe('P2003')
    await client.invoice.delete({ where: { id } })
    await client.subscription.delete({ where: { id: subscription.id } })
  })

  test('shares a project with either a team or a user, once', async () => {
    const { id: projectId } = await project()
    const team = await client.team.create({ data: { ownerId: randomUUID(), name: 'A', slug: randomUUID() } })
    const userId = randomUUID()
    await client.projectShare.create({ data: { projectId, userId } })
    await client.projectShare.create({ data: { projectId, teamId: team.id } })
    expect(await refusal(client.projectShare.create({ data: { projectId, teamId: team.id } }))).toBe('P2002')
    expect(await refusal(client.projectShare.create({ data: { projectId } }))).toBe('P2039')
    expect(await refusal(client.projectShare.create({ data: { projectId, teamId: team.id, userId } }))).toBe(
      'P2039',
    )
  })

  test('has one preference for all projects, and one for each', async () => {
    const { id: projectId, userId } = await project()
    const preference = { userId, channel: 'email', event: 'digest' } as const
    await client.notificationPreference.create({ data: preference })
    await client.notificationPreference.create({ data: { ...preference, projectId } })
    expect(await refusal(client.notificationPreference.create({ data: preference }))).toBe('P2002')
  })

  test('stores of keys and invitations a hash only', async () => {
    const { id: projectId, userId } = await project()
    const key = { userId, name: 'ci', keyPrefix: 'soc_1a2b', keyHash: hash(), scopes: ['projects.read'] }
    await client.apiKey.create({ data: key })
    expect(await refusal(client.apiKey.create({ data: { ...key, keyHash: 'soc_1a2b3c4d' } }))).toBe('P2039')
    const invitation = {
      projectId,
      email: 'a@example.com',
      tokenHash: hash(),
      expiresAt: new Date(Date.now() + month),
    }
    await client.projectInvitation.create({ data: invitation })
    const clear = { ...invitation, tokenHash: 'clear' }
    expect(await refusal(client.projectInvitation.create({ data: clear }))).toBe('P2039')
  })

  test('keeps a chunk with its vector', async () => {
    const { id: projectId } = await project()
    const document = await client.knowledgeBaseDocument.create({
      data: {
        projectId,
        title: 'Manual',
        mimeType: 'text/plain',
        content: 'Hello',
        contentHash: hash(),
        sizeBytes: 5n,
        chunks: {
          create: {
            ordinal: 1,
            content: 'Hello',
            contentHash: hash(),
            tokenCount: 1,
            startOffset: 0,
            endOffset: 5,
          },
        },
      },
      include: { chunks: true },
    })
    const [chunk] = document.chunks
    expect(chunk).toMatchObject({ status: 'pending', embedding: [] })
    const where = { id: chunk?.id ?? '' }
    expect(await refusal(client.documentChunk.update({ where, data: { status: 'embedded' } }))).toBe('P2039')
    const embedded = {
      status: ChunkStatus.embedded,
      embedding: [0.5, -0.25],
      embeddingModel: 'm',
      embeddedAt: new Date(),
    }
    const { embedding } = await client.documentChunk.update({ where, data: embedded })
    expect(embedding).toEqual([0.5, -0.25])
  })
})

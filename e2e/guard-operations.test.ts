import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GuardMethods, guardReferences, isReferenceViolation } from '@manybase/app-validation/guard'
import { references, type SpecsClient } from '@socrates/db-specs'
import { makeTwoDatabases, makeUser, type TwoDatabases } from './support/two-databases.ts'

let place: TwoDatabases
let specs: SpecsClient & GuardMethods
let userId: string
let other: string
beforeAll(async () => {
  place = await makeTwoDatabases()
  specs = guardReferences(place.specs, { auth: place.auth })
  userId = await makeUser(place.auth)
  other = await makeUser(place.auth)
})
afterAll(async () => {
  await specs.$disconnect()
  await place.dispose()
})

const nobody = randomUUID()
/** Some rows to write to; each test has its own. */
let projectId: string
let teamId: string
let memberId: string
beforeEach(async () => {
  const project = await place.specs.project.create({ data: { userId, name: 'before' } })
  const team = await place.specs.team.create({
    data: { ownerId: userId, name: 'before', slug: randomUUID(), members: { create: { userId } } },
    include: { members: true },
  })
  projectId = project.id
  teamId = team.id
  memberId = team.members[0]?.id ?? ''
})

/** What the write put into the column: the guard's own refusal, or what came back. */
async function attempt(write: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await write
  } catch (error) {
    if (isReferenceViolation(error)) return error
    throw error
  }
}

const violation = (table: string, column: string, ...values: readonly string[]) =>
  expect.objectContaining({ code: 'P2003', kind: 'missing', table, column, values })

const project = (id: string) => ({ userId: id, name: 'new' })

type Write = (id: string) => PromiseLike<unknown>
const operations: readonly (readonly [name: string, write: Write])[] = [
  ['create', (id) => specs.project.create({ data: project(id) })],
  ['createMany', (id) => specs.project.createMany({ data: [project(userId), project(id)] })],
  ['createMany of one', (id) => specs.project.createMany({ data: project(id) })],
  ['createManyAndReturn', (id) => specs.project.createManyAndReturn({ data: [project(id)] })],
  ['update', (id) => specs.project.update({ where: { id: projectId }, data: { userId: id } })],
  [
    'update with set',
    (id) => specs.project.update({ where: { id: projectId }, data: { userId: { set: id } } }),
  ],
  ['updateMany', (id) => specs.project.updateMany({ where: { id: projectId }, data: { userId: id } })],
  [
    'updateManyAndReturn',
    (id) => specs.project.updateManyAndReturn({ where: { id: projectId }, data: { userId: id } }),
  ],
  [
    'upsert, of a new row',
    (id) => specs.project.upsert({ where: { id: randomUUID() }, create: project(id), update: {} }),
  ],
  [
    'upsert, of an existing row',
    (id) =>
      specs.project.upsert({ where: { id: projectId }, create: project(userId), update: { userId: id } }),
  ],
  [
    'a batch',
    (id) => specs.$transaction([specs.project.count(), specs.project.create({ data: project(id) })]),
  ],
  [
    'an interactive transaction',
    (id) => specs.$transaction((tx) => tx.project.create({ data: project(id) })),
  ],
  [
    'a transaction inside a transaction',
    (id) =>
      specs.$transaction((tx) => tx.$transaction((inner) => inner.project.create({ data: project(id) }))),
  ],
]

describe.each(operations)('%s', (_, write) => {
  test('of a living user is written', async () => {
    expect(await attempt(write(other))).not.toBeInstanceOf(Error)
    expect(await specs.project.count({ where: { userId: other } })).toBeGreaterThan(0)
    await specs.project.deleteMany({ where: { userId: other } })
  })

  test('of nobody is refused, and nothing is written', async () => {
    const before = await specs.project.count()
    expect(await attempt(write(nobody))).toEqual(violation('projects', 'user_id', nobody))
    expect(await specs.project.count()).toBe(before)
    expect(await specs.project.count({ where: { userId: nobody } })).toBe(0)
  })
})

const session = (id: string) => ({ userId: id })
const nested: readonly (readonly [name: string, column: string, write: Write])[] = [
  [
    'create in create',
    'sessions.user_id',
    (id) => specs.project.create({ data: { ...project(userId), sessions: { create: session(id) } } }),
  ],
  [
    'create of several in create',
    'sessions.user_id',
    (id) =>
      specs.project.create({
        data: { ...project(userId), sessions: { create: [session(userId), session(id)] } },
      }),
  ],
  [
    'createMany in update',
    'sessions.user_id',
    (id) =>
      specs.project.update({
        where: { id: projectId },
        data: { sessions: { createMany: { data: [session(userId), session(id)] } } },
      }),
  ],
  [
    'connectOrCreate in update',
    'sessions.user_id',
    (id) =>
      specs.project.update({
        where: { id: projectId },
        data: { sessions: { connectOrCreate: { where: { id: randomUUID() }, create: session(id) } } },
      }),
  ],
  [
    'connectOrCreate of what it belongs to',
    'projects.user_id',
    (id) =>
      specs.session.create({
        data: {
          userId,
          project: { connectOrCreate: { where: { id: randomUUID() }, create: project(id) } },
        },
      }),
  ],
  [
    'create of what it belongs to, checked input',
    'projects.user_id',
    (id) => specs.session.create({ data: { userId, project: { create: project(id) } } }),
  ],
  [
    'unchecked input with keys of relations',
    'sessions.user_id',
    (id) => specs.session.create({ data: { userId: id, projectId } }),
  ],
  [
    'connect beside a user',
    'sessions.user_id',
    (id) => specs.session.create({ data: { userId: id, project: { connect: { id: projectId } } } }),
  ],
  [
    'upsert in update',
    'team_members.user_id',
    (id) =>
      specs.team.update({
        where: { id: teamId },
        data: { members: { upsert: { where: { id: randomUUID() }, create: { userId: id }, update: {} } } },
      }),
  ],
  [
    'update of one of many',
    'team_members.invited_by',
    (id) =>
      specs.team.update({
        where: { id: teamId },
        data: { members: { update: { where: { id: memberId }, data: { invitedBy: id } } } },
      }),
  ],
  [
    'updateMany below',
    'team_members.invited_by',
    (id) =>
      specs.team.update({
        where: { id: teamId },
        data: { members: { updateMany: { where: { id: memberId }, data: { invitedBy: { set: id } } } } },
      }),
  ],
  [
    'update of what it belongs to, the data alone',
    'teams.owner_id',
    (id) => specs.teamMember.update({ where: { id: memberId }, data: { team: { update: { ownerId: id } } } }),
  ],
  [
    'update of what it belongs to, with where',
    'teams.owner_id',
    (id) =>
      specs.teamMember.update({
        where: { id: memberId },
        data: { team: { update: { where: { name: 'before' }, data: { ownerId: id } } } },
      }),
  ],
  [
    'three levels down',
    'conversation_history.user_id',
    (id) =>
      specs.project.update({
        where: { id: projectId },
        data: {
          sessions: {
            create: {
              userId,
              conversationHistory: { create: { userId: id, ordinal: 1, role: 'user', content: 'x' } },
            },
          },
        },
      }),
  ],
]

describe.each(nested)('nested: %s', (_, column, write) => {
  const [table = '', field = ''] = column.split('.')

  test('of a living user is written', async () => {
    expect(await attempt(write(other))).not.toBeInstanceOf(Error)
  })

  test('of nobody is refused', async () => {
    expect(await attempt(write(nobody))).toEqual(violation(table, field, nobody))
  })
})

describe('values', () => {
  test('null names nobody', async () => {
    const member = await specs.teamMember.update({
      where: { id: memberId },
      data: { invitedBy: null, userId: { set: userId } },
    })
    expect(member).toMatchObject({ invitedBy: null, userId })
  })

  test('of fields that are not written are not looked at', async () => {
    const { id } = await place.specs.project.create({ data: project(nobody) })
    expect(await specs.project.update({ where: { id }, data: { name: 'renamed' } })).toMatchObject({
      userId: nobody,
    })
    expect(await specs.project.deleteMany({ where: { userId: nobody } })).toEqual({ count: 1 })
  })

  test('are all named, each once, where many rows are written', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    const rows = [first, userId, second, first].map((id) => ({ ...project(id), name: 'one of many' }))
    expect(await attempt(specs.project.createMany({ data: rows }))).toEqual(
      violation('projects', 'user_id', first, second),
    )
    expect(await specs.project.count({ where: { name: 'one of many' } })).toBe(0)
  })

  test('of several columns are named each by its own', async () => {
    const error = await attempt(
      specs.teamMember.create({ data: { teamId, userId: nobody, invitedBy: nobody } }),
    )
    expect(error).toMatchObject({
      broken: [
        { reference: { column: 'user_id' }, values: [nobody] },
        { reference: { column: 'invited_by' }, values: [nobody] },
      ],
    })
  })

  test('may be written in another spelling than the key', async () => {
    const upper = userId.toUpperCase()
    expect(await specs.project.create({ data: project(upper) })).toMatchObject({ userId })
    expect(await specs.project.createMany({ data: [project(upper), project(userId)] })).toEqual({ count: 2 })
    expect(await attempt(specs.project.create({ data: project(nobody.toUpperCase()) }))).toEqual(
      violation('projects', 'user_id', nobody.toUpperCase()),
    )
  })

  test('that are no uuid at all get Prisma’s own error', async () => {
    const write = specs.project.create({ data: project('nobody') })
    await expect(write).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError' })
    const tried = specs.project.create({ data: project("'; DROP TABLE users; --") })
    await expect(tried).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError' })
    expect(await place.auth.user.count()).toBeGreaterThan(0)
  })
})

describe('every reference', () => {
  type Delegate = Readonly<Record<string, (args: object) => PromiseLike<unknown>>>
  const isDelegate = (value: unknown): value is Delegate => typeof value === 'object' && value !== null
  const delegateOf = (client: object, model: string): Delegate => {
    const delegate: unknown = Reflect.get(client, `${model.charAt(0).toLowerCase()}${model.slice(1)}`)
    if (!isDelegate(delegate)) throw new TypeError(`No model ${model}.`)
    return delegate
  }
  const where = { id: randomUUID() }
  type Row = Readonly<Record<string, string | null>>
  const forms: Readonly<Record<string, (row: Row) => readonly [operation: string, args: object]>> = {
    create: (data) => ['create', { data }],
    createMany: (data) => ['createMany', { data: [data] }],
    createManyAndReturn: (data) => ['createManyAndReturn', { data: [data] }],
    update: (data) => ['update', { where, data }],
    updateMany: (data) => ['updateMany', { where, data }],
    updateManyAndReturn: (data) => ['updateManyAndReturn', { where, data }],
    'upsert of a new row': (create) => ['upsert', { where, create, update: {} }],
    'upsert of an existing row': (update) => ['upsert', { where, create: update, update }],
  }
  const names = Object.keys(forms)

  /** Whether the guard refused; what becomes of the write otherwise is Prisma’s and PostgreSQL’s to say. */
  async function isRefused(write: PromiseLike<unknown>): Promise<boolean> {
    try {
      await write
      return false
    } catch (error) {
      return isReferenceViolation(error)
    }
  }

  const each = references.map(({ model, field }) => [`${model}.${field}`, model, field] as const)
  test.each(each)('%s, in every operation', async (_, model, field) => {
    const refusedOf = async (value: string | null) => {
      const writes = Object.values(forms).map((form) => {
        const [operation, args] = form({ [field]: value })
        const write = delegateOf(specs, model)[operation]
        if (!write) throw new TypeError(`No operation ${operation}.`)
        return isRefused(write(args))
      })
      const refused = await Promise.all(writes)
      return names.filter((_name, index) => refused[index])
    }
    expect(await refusedOf(nobody)).toEqual(names)
    expect(await refusedOf(userId)).toEqual([])
    expect(await refusedOf(null)).toEqual([])
  })

  test.each(each)('%s, in transactions of both kinds', async (_, model, field) => {
    const args = (id: string) => ({ where, data: { [field]: id } })
    const batch = (id: string) =>
      Reflect.apply(specs.$transaction, specs, [[delegateOf(specs, model).updateMany?.(args(id))]])
    const interactive = (id: string) =>
      specs.$transaction(async (tx) => delegateOf(tx, model).updateMany?.(args(id)))
    for (const write of [batch, interactive]) {
      expect(await isRefused(write(nobody))).toBe(true)
      await write(userId)
    }
  })
})

test('the violation reads like a foreign key’s, and is ready for an API', async () => {
  const error = await attempt(specs.invoice.updateMany({ data: { userId: nobody } }))
  expect(error).toMatchObject({
    name: 'ReferenceViolation',
    code: 'P2003',
    message: `Foreign key constraint violated on the constraint: \`fk_invoices_user_id\`. invoices.user_id: ${nobody} names no row of users.id in socrates_auth.`,
    database: 'socrates_specs',
    table: 'invoices',
    column: 'user_id',
    model: 'Invoice',
    field: 'userId',
    constraint: 'fk_invoices_user_id',
    values: [nobody],
    target: { database: 'socrates_auth', schema: null, table: 'users', column: 'id' },
  })
  expect(isReferenceViolation(error) && error.toProblem()).toEqual({
    type: 'urn:manybase:problem:reference-missing',
    title: 'A reference names no row',
    status: 422,
    detail: `invoices.user_id: ${nobody} names no row of users.id in socrates_auth.`,
    retryable: false,
    errors: [{ model: 'Invoice', field: 'userId', constraint: 'fk_invoices_user_id', values: [nobody] }],
  })
})

describe('a branch that names nobody and is not taken does no harm', () => {
  const writes: readonly (readonly [
    name: string,
    write: (on: Pick<SpecsClient, 'project' | 'session'>) => PromiseLike<unknown>,
  ])[] = [
    [
      'upsert that updates',
      (on) =>
        on.project.upsert({
          where: { id: projectId },
          create: project(nobody),
          update: { name: 'after' },
          select: { name: true },
        }),
    ],
    [
      'upsert that creates',
      (on) =>
        on.project.upsert({
          where: { id: randomUUID() },
          create: { userId, name: 'after' },
          update: { userId: nobody },
          select: { name: true },
        }),
    ],
    [
      'connectOrCreate that connects',
      (on) =>
        on.session.create({
          data: {
            userId,
            project: { connectOrCreate: { where: { id: projectId }, create: project(nobody) } },
          },
          select: { projectId: true },
        }),
    ],
  ]

  test.each(writes)('%s', async (name, write) => {
    const expected = name.startsWith('upsert') ? { name: 'after' } : { projectId }
    expect(await write(specs)).toEqual(expected)
    expect(await specs.$transaction(async (tx) => await write(tx))).toEqual(expected)
  })

  test('an interactive transaction goes on after one that would have been taken', async () => {
    const made = await specs.$transaction(async (tx) => {
      const refused = await attempt(
        tx.project.upsert({ where: { id: randomUUID() }, create: project(nobody), update: {} }),
      )
      expect(refused).toEqual(violation('projects', 'user_id', nobody))
      return await tx.project.create({ data: project(userId), select: { userId: true } })
    })
    expect(made).toEqual({ userId })
  })

  test('but in a batch it is refused, since that is sent as a whole', async () => {
    const { where, create } = { where: { id: projectId }, create: project(nobody) }
    const batch = specs.$transaction([specs.project.upsert({ where, create, update: { name: 'after' } })])
    expect(await attempt(batch)).toEqual(violation('projects', 'user_id', nobody))
  })
})

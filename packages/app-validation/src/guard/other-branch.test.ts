import { describe, expect, test } from '@jest/globals'
import type { Reference } from '../references/reference.ts'
import { makeCollector } from './collect.ts'
import { makeBranches } from './other-branch.ts'

const reference = (model: string): Reference => ({
  database: 'specs',
  schema: null,
  table: model,
  column: 'owner',
  model,
  field: 'owner',
  target: { database: 'auth', schema: null, table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'text',
})
const references = [reference('Post'), reference('Note')]
const shape = (table: string, relations: Record<string, string>) => ({
  schema: null,
  table,
  fields: {},
  relations,
})
const models = { Post: shape('posts', { notes: 'Note' }), Note: shape('notes', { post: 'Post' }) }
const collect = makeCollector(references, models)
const withoutBranches = makeBranches({ models, collect })

/** What is left when nobody is called `x`. */
const rest = (operation: string, args: unknown) =>
  withoutBranches(
    'Post',
    operation,
    args,
    collect('Post', operation, args).filter(({ value }) => value === 'x'),
  )
const where = { id: 1 }

describe('an upsert', () => {
  test('whose creation names nobody is an update, with what it asks for', () => {
    const args = { where, create: { owner: 'x' }, update: { owner: 'a' }, select: { id: true } }
    expect(rest('upsert', args)).toEqual({
      kind: 'write',
      operation: 'update',
      args: { where, data: { owner: 'a' }, select: { id: true } },
    })
  })

  test('whose update names nobody is a creation unless the row is there', () => {
    const args = { where, create: { owner: 'a' }, update: { owner: { set: 'x' } }, include: { notes: true } }
    expect(rest('upsert', args)).toEqual({
      kind: 'create',
      args: { data: { owner: 'a' }, include: { notes: true } },
      unless: { where },
    })
  })

  test('that names nobody either way is no write', () => {
    expect(rest('upsert', { where, create: { owner: 'x' }, update: { owner: 'x' } })).toEqual({
      kind: 'nothing',
    })
  })
})

describe('connectOrCreate', () => {
  const dead = { where: { id: 2 }, create: { owner: 'x' } }
  const alive = { where: { id: 3 }, create: { owner: 'a' } }

  test('of somebody who isn’t there connects, beside the others', () => {
    const notes = { connect: { id: 9 }, connectOrCreate: [dead, alive] }
    expect(rest('create', { data: { owner: 'a', notes } })).toEqual({
      kind: 'write',
      operation: 'create',
      args: { data: { owner: 'a', notes: { connect: [{ id: 9 }, { id: 2 }], connectOrCreate: [alive] } } },
    })
  })

  test('of one is one, also in what is nested further', () => {
    const notes = { create: { owner: 'a', post: { connectOrCreate: dead } } }
    expect(rest('update', { where, data: { notes } })).toMatchObject({
      args: { where, data: { notes: { create: { owner: 'a', post: { connect: { id: 2 } } } } } },
    })
  })
})

test.each([
  ['create', { data: { owner: 'x' } }],
  ['create', { data: { owner: 'x', notes: { connectOrCreate: { where, create: { owner: 'x' } } } } }],
  ['createMany', { data: [{ owner: 'a' }, { owner: 'x' }] }],
  ['update', { where, data: { notes: { create: { owner: 'x' } } } }],
  ['update', { where, data: { notes: { upsert: { where, create: { owner: 'x' }, update: {} } } } }],
])('what will be written is not let go: %s %j', (operation, args) => {
  expect(rest(operation, args)).toEqual({ kind: 'nothing' })
})

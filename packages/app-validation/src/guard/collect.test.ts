import { describe, expect, test } from '@jest/globals'
import type { Reference } from '../references/reference.ts'
import { makeCollector } from './collect.ts'

const reference = (model: string, field: string, required = true): Reference => ({
  database: 'b',
  schema: null,
  table: model.toLowerCase(),
  column: field,
  model,
  field,
  target: { database: 'a', schema: null, table: 'users', column: 'id' },
  onDelete: 'Keep',
  required,
  type: 'text',
})

const field = {
  type: 'String',
  native: 'text',
  isList: false,
  isRequired: true,
  hasDefault: false,
  values: [],
}
const fields = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, field]))

const collect = makeCollector(
  [reference('Post', 'author'), reference('Post', 'editor', false), reference('Note', 'owner')],
  {
    Post: {
      schema: null,
      table: 'posts',
      fields: fields('id', 'author', 'editor', 'data'),
      relations: { notes: 'Note', note: 'Note' },
    },
    Note: {
      schema: null,
      table: 'notes',
      fields: fields('id', 'owner', 'text'),
      relations: { post: 'Post' },
    },
  },
)

/** What is found, as `Post.author=x`. */
const find = (operation: string, args: unknown, model = 'Post') =>
  collect(model, operation, args).map(
    ({ reference: { model, field }, value }) => `${model}.${field}=${value}`,
  )

describe('the collector', () => {
  test.each([
    ['create', { data: { author: 'x' } }],
    ['createMany', { data: [{ author: 'x' }] }],
    ['createMany', { data: { author: 'x' } }],
    ['createManyAndReturn', { data: [{ author: 'x' }] }],
    ['update', { where: { author: 'y' }, data: { author: { set: 'x' } } }],
    ['updateMany', { where: { author: 'y' }, data: { author: 'x' } }],
    ['updateManyAndReturn', { data: { author: 'x' } }],
    ['upsert', { where: { id: 1 }, create: { author: 'x' }, update: { id: 2 } }],
    ['upsert', { where: { id: 1 }, create: { id: 2 }, update: { author: 'x' } }],
  ])('finds a field of %s in %j', (operation, args) => {
    expect(find(operation, args)).toEqual(['Post.author=x'])
  })

  test.each(['findMany', 'findFirst', 'count', 'delete', 'deleteMany', 'aggregate', 'groupBy', '$queryRaw'])(
    'finds nothing in %s',
    (operation) => {
      expect(find(operation, { where: { author: 'x' }, data: { author: 'x' } })).toEqual([])
    },
  )

  test.each([
    [{ create: { owner: 'x' } }],
    [{ create: [{ text: 't' }, { owner: 'x' }] }],
    [{ createMany: { data: [{ owner: 'x' }], skipDuplicates: true } }],
    [{ connectOrCreate: { where: { owner: 'y' }, create: { owner: 'x' } } }],
    [{ connectOrCreate: [{ where: { id: 1 }, create: { owner: 'x' } }] }],
    [{ upsert: { where: { id: 1 }, create: { owner: 'x' }, update: {} } }],
    [{ upsert: [{ where: { id: 1 }, create: {}, update: { owner: { set: 'x' } } }] }],
    [{ update: { where: { id: 1 }, data: { owner: 'x' } } }],
    [{ update: [{ where: { id: 1 }, data: { owner: 'x' } }] }],
    [{ update: { owner: 'x' } }],
    [{ updateMany: { where: { owner: 'y' }, data: { owner: 'x' } } }],
    [{ updateMany: [{ where: {}, data: { owner: 'x' } }] }],
    [{ create: { post: { create: { notes: { create: { owner: 'x' } } } } } }],
  ])('finds the nested field in %j', (notes) => {
    expect(find('update', { data: { notes } })).toEqual(['Note.owner=x'])
    expect(find('create', { data: { id: 1, note: notes } })).toEqual(['Note.owner=x'])
  })

  test.each([
    { connect: { owner: 'x' } },
    { set: [{ owner: 'x' }] },
    { disconnect: { owner: 'x' } },
    { delete: { owner: 'x' } },
    { deleteMany: { owner: 'x' } },
  ])('writes no column in %j', (notes) => {
    expect(find('update', { data: { notes } })).toEqual([])
  })

  test('takes a field that is called data for what Prisma takes it for', () => {
    const update = (post: unknown) => find('update', { data: { post: { update: post } } }, 'Note')
    expect(update({ data: { author: 'x' } })).toEqual(['Post.author=x'])
    expect(update({ where: { id: 1 }, data: { author: 'x' } })).toEqual(['Post.author=x'])
    expect(update({ data: { any: 'json', author: 'x' } })).toEqual([])
    expect(update({ data: { any: 'json' }, author: 'x' })).toEqual(['Post.author=x'])
  })

  test.each([
    ['text', 'text'],
    [5, '5'],
    [9007199254740993n, '9007199254740993'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Uint8Array([1, 255]), '\\x01ff'],
    [{ toFixed: () => '12345678901234567890.5' }, '12345678901234567890.5'],
    [{ set: 'text' }, 'text'],
  ])('reads %p as %s', (value, text) => {
    expect(find('create', { data: { author: value } })).toEqual([`Post.author=${text}`])
  })

  test.each([null, undefined, { set: null }, {}, true])('reads nothing in %p', (value) => {
    expect(find('create', { data: { author: value } })).toEqual([])
  })

  test.each(['increment', 'decrement', 'multiply', 'divide'])(
    'refuses %s, which names nothing yet',
    (operator) => {
      expect(() => find('update', { data: { author: { [operator]: 1 } } })).toThrow(
        expect.objectContaining({ code: 'guard.arithmetic' }),
      )
    },
  )
})

import { describe, expect, test } from '@jest/globals'
import type { ReferencedColumn } from '../references/reference.ts'
import { makeInputs } from './inputs.ts'

const plain = { isList: false, isRequired: true, hasDefault: false, values: [] } as const
const users = { database: 'a', schema: null, table: 'users', column: 'id' } as const
const reference = {
  database: 'b',
  schema: null,
  table: 'notes',
  model: 'Note',
  target: users,
  onDelete: 'Keep',
  required: true,
  type: 'uuid',
} as const
const catalog = {
  references: [
    { ...reference, column: 'user_id', field: 'userId' },
    { ...reference, column: 'editor', field: 'editor', required: false },
  ],
  models: {
    Note: {
      schema: null,
      table: 'notes',
      fields: {
        id: { ...plain, type: 'Int', native: 'integer', hasDefault: true },
        userId: { ...plain, type: 'String', native: 'uuid' },
        editor: { ...plain, type: 'String', native: 'uuid', isRequired: false },
        title: { ...plain, type: 'String', native: 'varchar(5)' },
        tags: { ...plain, type: 'String', native: 'text', isList: true, hasDefault: true },
        status: { ...plain, type: 'enum', native: 'Status', hasDefault: true, values: ['open', 'done'] },
      },
      relations: {},
    },
    Measure: {
      schema: null,
      table: 'measures',
      fields: {
        small: { ...plain, type: 'Int', native: 'smallint', isRequired: false },
        big: { ...plain, type: 'BigInt', native: 'bigint', isRequired: false },
        share: { ...plain, type: 'Decimal', native: 'numeric(5,2)', isRequired: false },
        ratio: { ...plain, type: 'Float', native: 'double precision', isRequired: false },
        at: { ...plain, type: 'DateTime', native: 'timestamptz(6)', isRequired: false },
        day: { ...plain, type: 'DateTime', native: 'date', isRequired: false },
        data: { ...plain, type: 'Json', native: 'jsonb', isRequired: false },
        raw: { ...plain, type: 'Bytes', native: 'bytea', isRequired: false },
        yes: { ...plain, type: 'Boolean', native: 'boolean', isRequired: false },
      },
      relations: {},
    },
  },
} as const

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const note = (n: number) => ({ userId: id(n), title: 'x' })
const inputs = makeInputs(catalog)

describe('what a row is created from', () => {
  test('is what its columns take, without what the database fills in', () => {
    const input = { userId: id(1), title: 'Title', editor: null, tags: ['a'], status: 'done' } as const
    const output = inputs.Note.create.parse(input)
    const typed: { userId: string; title: string; status?: 'open' | 'done' | undefined } = output
    expect(typed).toEqual(input)
    expect(inputs.Note.create.parse(note(1))).toEqual(note(1))
  })

  test.each([
    ['a field that is required', { title: 'x' }, ['userId']],
    ['null where it can’t be', { ...note(1), title: null }, ['title']],
    ['what isn’t a uuid', { ...note(1), userId: 'me' }, ['userId']],
    ['text that is too long', { ...note(1), title: 'longer' }, ['title']],
    ['the character NUL', { ...note(1), title: '\0' }, ['title']],
    ['a member that isn’t the enum’s', { ...note(1), status: 'lost' }, ['status']],
    ['an element of another type', { ...note(1), tags: [1] }, ['tags', 0]],
    ['a key that isn’t there', { ...note(1), admin: true }, []],
  ])('is refused for %s', (_, input, path) => {
    const { success, error } = inputs.Note.create.safeParse(input)
    expect(success).toBe(false)
    expect(error?.issues.map((issue) => issue.path)).toEqual([path])
  })

  test('counts characters as PostgreSQL does', () => {
    expect(inputs.Note.create.safeParse({ ...note(1), title: '👩👩👩👩👩' }).success).toBe(true)
  })

  test('can be narrowed to what a request may say', () => {
    const request = inputs.Note.create.omit({ id: true, userId: true })
    expect(request.parse({ title: 'x' })).toEqual({ title: 'x' })
    expect(request.safeParse(note(1)).success).toBe(false)
  })
})

test('an update may leave every field out, and no more', () => {
  expect(inputs.Note.update.parse({})).toEqual({})
  expect(inputs.Note.update.parse({ editor: null })).toEqual({ editor: null })
  expect(inputs.Note.update.safeParse({ title: null }).success).toBe(false)
})

describe('values', () => {
  test.each([
    ['small', 32_767, 32_767],
    ['big', '9223372036854775807', 9223372036854775807n],
    ['big', 5, 5n],
    ['big', 5n, 5n],
    ['share', '999.99', '999.99'],
    ['share', 0.5, 0.5],
    ['ratio', 1e300, 1e300],
    ['at', '2026-11-21T10:00:00+01:00', new Date('2026-11-21T09:00:00Z')],
    ['at', new Date(0), new Date(0)],
    ['day', '2026-11-21', new Date('2026-11-21')],
    ['data', { a: [1, null] }, { a: [1, null] }],
    ['raw', new Uint8Array([1]), new Uint8Array([1])],
    ['yes', false, false],
    ['yes', null, null],
  ])('%s: %p', (field, input, output) => {
    expect(inputs.Measure.create.parse({ [field]: input })).toEqual({ [field]: output })
  })

  test.each([
    ['small', 32_768],
    ['small', 1.5],
    ['big', '9223372036854775808'],
    ['big', ''],
    ['share', '1000'],
    ['share', 999.995],
    ['share', '1e3'],
    ['ratio', Number.NaN],
    ['at', '2026-11-21'],
    ['day', 'tomorrow'],
    ['data', { a: undefined }],
    ['yes', 'false'],
    ['data', null],
    ['yes', undefined],
  ])('%s: not %p', (field, input) => {
    expect(inputs.Measure.create.safeParse({ [field]: input }).success).toBe(false)
  })
})

describe('references', () => {
  const asking = (...missing: readonly string[]) => {
    const questions: { target: ReferencedColumn; values: readonly string[] }[] = []
    const made = makeInputs(catalog, async (target, values) => {
      questions.push({ target, values })
      return values.filter((value) => missing.includes(value))
    })
    return { questions, inputs: made }
  }

  test('are asked for in one question for a whole array', async () => {
    const { questions, inputs } = asking()
    const rows = Array.from({ length: 100 }, (_, n) => ({ ...note(n % 10), editor: id(50) }))
    expect(await inputs.Note.create.array().parseAsync(rows)).toEqual(rows)
    expect(questions).toEqual([{ target: users, values: expect.any(Array) }])
    expect(new Set(questions[0]?.values).size).toBe(11)
  })

  test('that name nobody are told of where they stand', async () => {
    const { inputs } = asking(id(2), id(3))
    const rows = [note(1), note(2), { ...note(1), editor: id(3) }]
    const { error } = await inputs.Note.create.array().safeParseAsync(rows)
    expect(error?.issues).toMatchObject([
      { path: [1, 'userId'], message: 'Names no row of users', params: { code: 'reference_missing' } },
      { path: [2, 'editor'], message: 'Names no row of users' },
    ])
  })

  test('are asked for again by the next document', async () => {
    const { questions, inputs } = asking()
    await inputs.Note.create.parseAsync(note(1))
    await inputs.Note.update.parseAsync({ userId: id(2) })
    expect(questions.map(({ values }) => values)).toEqual([[id(1)], [id(2)]])
  })

  test('that are no uuid, or null, or left out, are not asked for', async () => {
    const { questions, inputs } = asking()
    await inputs.Note.create.safeParseAsync({ title: 'x', userId: 'me', editor: null })
    await inputs.Note.update.parseAsync({})
    expect(questions).toEqual([])
  })

  test('that can’t be asked for fail the parsing, and don’t pass', async () => {
    const made = makeInputs(catalog, () => Promise.reject(new Error('unreachable')))
    await expect(made.Note.create.parseAsync(note(1))).rejects.toThrow('unreachable')
  })
})

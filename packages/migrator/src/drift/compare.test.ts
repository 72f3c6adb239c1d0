import { describe, expect, test } from '@jest/globals'
import type { DatabaseObject } from '../snapshot/object.ts'
import { compare } from './compare.ts'

const table = (name: string, definition: DatabaseObject['definition'] = {}): DatabaseObject => ({
  kind: 'table',
  name,
  parent: null,
  definition,
  create: null,
})

describe('comparing a history with a live database', () => {
  test('finds nothing in what is the same', () => {
    expect(compare([table('a', { kind: 'ordinary' })], [table('a', { kind: 'ordinary' })])).toEqual([])
  })

  test('names what is only on one side, and what is otherwise field by field', () => {
    const [a, b] = [table('a'), table('b')]
    const [was, is] = [
      table('c', { kind: 'ordinary', options: ['x'] }),
      table('c', { kind: 'ordinary', unlogged: true }),
    ]
    expect(compare([a, was], [b, is])).toEqual([
      { kind: 'removed', object: a },
      {
        kind: 'changed',
        object: was,
        live: is,
        changes: [
          { field: 'options', expected: ['x'], actual: undefined },
          { field: 'unlogged', expected: undefined, actual: true },
        ],
      },
      { kind: 'added', object: b },
    ])
  })

  test('leaves owners out unless they are asked for', () => {
    const sides = [[table('a', { owner: 'me' })], [table('a', { owner: 'you' })]] as const
    expect(compare(...sides)).toEqual([])
    expect(compare(...sides, { owners: true })).toHaveLength(1)
  })

  test('tells a column of one table from that of another', () => {
    const column = (parent: string): DatabaseObject => ({ ...table('id'), kind: 'column', parent })
    expect(compare([column('a')], [column('b')]).map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })
})

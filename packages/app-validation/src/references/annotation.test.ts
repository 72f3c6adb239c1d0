import { describe, expect, test } from '@jest/globals'
import { parseAnnotation } from './annotation.ts'

const parse = (text: string) =>
  parseAnnotation({ text, isDocumentation: true, position: { file: 'f', line: 1, column: 1 } })

describe('parseAnnotation', () => {
  test.each(['Cascade', 'SetNull', 'Restrict', 'Keep'])('reads a reference with onDelete: %s', (onDelete) => {
    expect(parse(`@reference(socrates_auth.users.id, onDelete: ${onDelete})`)).toEqual({
      kind: 'reference',
      target: { database: 'socrates_auth', schema: null, table: 'users', column: 'id' },
      onDelete,
    })
  })

  test('reads a target with its PostgreSQL schema', () => {
    expect(parse('@reference( auth.billing.accounts.id ,onDelete:Keep )')).toMatchObject({
      target: { database: 'auth', schema: 'billing', table: 'accounts', column: 'id' },
    })
  })

  test('reads an opt-out', () => {
    expect(parse('  @reference(none) ')).toEqual({ kind: 'none' })
  })

  test('tells an unknown action from a malformed one', () => {
    expect(parse('@reference(a.b.c, onDelete: Delete)')).toEqual({ kind: 'unknown action', action: 'Delete' })
    expect(parse('@reference(a.b.c, onDelete: cascade)')).toEqual({
      kind: 'unknown action',
      action: 'cascade',
    })
  })

  test.each([
    '@reference',
    '@reference()',
    '@reference(a.b.c)',
    '@reference(a.b.c,)',
    '@reference(a.b, onDelete: Keep)',
    '@reference(a.b.c.d.e, onDelete: Keep)',
    '@reference(a..c, onDelete: Keep)',
    '@reference(a.b.c, onUpdate: Keep)',
    '@reference(a.b.c, onDelete: Keep, more)',
    '@reference(none, onDelete: Keep)',
    '@reference(a.b.c, onDelete: Keep',
    '@reference(a.b.c, onDelete: Keep) because',
    '@references(a.b.c, onDelete: Keep)',
    '@Reference(a.b.c, onDelete: Keep)',
    '@reference (none)',
    'See @reference(none)',
  ])('calls %s malformed rather than passing over it', (text) => {
    expect(parse(text)).toMatchObject({ kind: 'malformed' })
  })

  test.each([
    'Reference to users.id in socrates_auth (no FK - cross-database)',
    'Unlike an @reference, this is prose',
    '',
  ])('leaves prose alone: %s', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})

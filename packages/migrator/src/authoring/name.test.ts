import { describe, expect, test } from '@jest/globals'
import type { History } from '../history/revision.ts'
import { nextId, slugOf } from './name.ts'

const now = new Date('2026-11-21T14:13:58Z')
const history = (database: string, ids: readonly string[]): History => ({
  database,
  revisions: ids.map((id) => ({
    database,
    id,
    name: `${id}_x`,
    path: `/${id}_x`,
    parents: [],
    dependsOn: [],
    script: '',
    checksum: '',
  })),
})
const histories = [history('auth', ['001', '002']), history('specs', ['003', '009'])]

describe('the next id', () => {
  test('runs through the whole catalog', () => {
    expect(nextId('catalog', histories, 'auth', { now })).toBe('010')
    expect(nextId('catalog', histories, 'specs', { now, givenOut: 1 })).toBe('011')
  })

  test('or through each history', () => {
    expect(nextId('history', histories, 'auth', { now })).toBe('003')
    expect(nextId('history', histories, 'specs', { now, givenOut: 1 })).toBe('010')
  })

  test('or is the time, a second apart for each database', () => {
    expect(nextId('timestamp', histories, 'auth', { now })).toBe('20261121141358')
    expect(nextId('timestamp', histories, 'specs', { now, givenOut: 1 })).toBe('20261121141359')
  })

  test('begins at 001, keeps the width that is there, and passes over what is no number', () => {
    expect(nextId('catalog', [history('auth', [])], 'auth', { now })).toBe('001')
    expect(nextId('history', [history('auth', ['00041', 'a1b2'])], 'auth', { now })).toBe('00042')
    expect(nextId('history', [history('auth', ['20251107120000'])], 'auth', { now })).toBe('20251107120001')
  })
})

describe('the slug', () => {
  test('is what remains of the words', () => {
    expect(slugOf('Add notes to projects!')).toBe('add_notes_to_projects')
    expect(slugOf('Größe & Café')).toBe('große_cafe')
    expect(slugOf('x'.repeat(300))).toHaveLength(60)
  })

  test.each(['', '…', 'two\nlines', 'revises: 001'])('is refused for %j', (message) => {
    expect(() => slugOf(message)).toThrow(expect.objectContaining({ code: 'create.message' }))
  })
})

import { expect, test } from '@jest/globals'
import { parseChoice } from './choice.ts'

test.each([
  [undefined, { kind: 'automatic' }],
  ['', { kind: 'automatic' }],
  ['embedded', { kind: 'embedded' }],
  ['embedded:18', { kind: 'embedded', major: '18' }],
  ['container', { kind: 'container', image: 'postgres:17-alpine' }],
  ['container:postgres:16', { kind: 'container', image: 'postgres:16' }],
  ['postgres://me@db/admin', { kind: 'url', url: 'postgres://me@db/admin' }],
  ['postgresql://me@db?sslmode=require', { kind: 'url', url: 'postgresql://me@db/postgres?sslmode=require' }],
])('TEST_POSTGRES=%s', (text, choice) => {
  expect(parseChoice(text)).toEqual(choice)
})

test.each(['docker', 'mysql://db', 'postgres://[', 'EMBEDDED'])('TEST_POSTGRES=%s is refused', (text) => {
  expect(() => parseChoice(text)).toThrow(expect.objectContaining({ code: 'test-server.choice' }))
})

test('a URL that cannot be used is not repeated, since it may hold a password', () => {
  expect(() => parseChoice('postgres://me:secret@[')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  )
})

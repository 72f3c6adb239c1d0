import { expect, test } from '@jest/globals'
import { defaultName } from './names.ts'

test('names constraints and indexes as Prisma does', () => {
  expect(defaultName('users', ['id'], '_pkey')).toBe('users_pkey')
  expect(defaultName('users', ['name', 'email'], '_key')).toBe('users_name_email_key')
})

test('keeps the suffix and whole characters within 63 bytes', () => {
  const long = defaultName('t'.repeat(40), ['c'.repeat(40)], '_idx')
  expect(long).toBe(`${'t'.repeat(40)}_${'c'.repeat(18)}_idx`)
  expect(Buffer.byteLength(defaultName('é'.repeat(40), ['x'], '_fkey'))).toBeLessThanOrEqual(63)
})

import { scryptSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { hashPassword } from './password.ts'

test('a hash is a PHC string that says its algorithm, cost and salt, and verifies', () => {
  const [, name, costs, salt = '', hash = ''] = hashPassword('secret', Buffer.alloc(16, 7)).split('$')
  expect([name, costs]).toEqual(['scrypt', 'ln=15,r=8,p=3'])
  const again = scryptSync('secret', Buffer.from(salt, 'base64'), 32, {
    N: 2 ** 15,
    r: 8,
    p: 3,
    maxmem: 2 ** 26,
  })
  expect(again.equals(Buffer.from(hash, 'base64'))).toBe(true)
})

import { scryptSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { hashPassword, hashPasswordSync, verifyPassword } from './index.ts'

const salt = Buffer.alloc(16, 7)

describe('a hash', () => {
  test('is a PHC string that says its algorithm, cost and salt, and verifies', () => {
    const [, name, costs, salted = '', hash = ''] = hashPasswordSync('secret', salt).split('$')
    expect([name, costs]).toEqual(['scrypt', 'ln=15,r=8,p=3'])
    const again = scryptSync('secret', Buffer.from(salted, 'base64'), 32, {
      N: 2 ** 15,
      r: 8,
      p: 3,
      maxmem: 2 ** 26,
    })
    expect(again.equals(Buffer.from(hash, 'base64'))).toBe(true)
  })

  test('has a salt of its own', async () => {
    const [one, other] = [await hashPassword('secret'), await hashPassword('secret')]
    expect(one).not.toBe(other)
    expect(await verifyPassword('secret', one)).toBe(true)
    expect(await verifyPassword('Secret', one)).toBe(false)
  })
})

describe('verifying', () => {
  test('takes the same letters however the keyboard composes them', async () => {
    expect(await verifyPassword('caf\u00e9', hashPasswordSync('cafe\u0301', salt))).toBe(true)
  })

  test.each([
    ['nobody', undefined],
    ['another algorithm', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2g'],
    ['an empty hash', '$scrypt$ln=15,r=8,p=3$AAAA$'],
  ])('%s is false, after as much work', async (_, phc) => {
    expect(await verifyPassword('secret', phc)).toBe(false)
  })

  test('the hash of nobody is nobody’s', async () => {
    expect(await verifyPassword('', undefined)).toBe(false)
  })
})

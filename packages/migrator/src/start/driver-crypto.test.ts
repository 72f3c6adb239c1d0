import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import * as lighter from './driver-crypto.ts'

type Crypto = Readonly<Record<string, unknown>>

const call = (crypto: Crypto, name: string, args: readonly unknown[]): unknown => {
  const compute = crypto[name]
  if (typeof compute !== 'function') throw new Error(`there is no ${name}`)
  return compute(...args)
}

const require = createRequire(import.meta.url)
const drivers: Crypto = require('pg/lib/crypto/utils')
const ours: Crypto = { ...lighter }

const bytes = (value: unknown): unknown => (value instanceof ArrayBuffer ? Buffer.from(value) : value)

const key = Buffer.from('a key of some length')
const salt = Buffer.from([1, 2, 3, 4, 250, 251, 252, 253])

describe('the cryptography of the password exchange', () => {
  test('has all the names of the driver’s own, and no other', () => {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(drivers).sort())
  })

  test.each([
    ['md5', ['naïve']],
    ['postgresMd5PasswordHash', ['user', 'pässword', salt]],
    ['sha256', [key]],
    ['hashByName', ['SHA-256', key]],
    ['hashByName', ['SHA-384', key]],
    ['hashByName', ['SHA-512', key]],
    ['hmacSha256', [key, 'Client Key, ünd more']],
    ['deriveKey', ['pässword', salt, 4096]],
  ])('%s gives what the driver’s own gives', async (name, args) => {
    const expected = bytes(await call(drivers, name, args))
    expect(expected).toBeDefined()
    expect(bytes(await call(ours, name, args))).toEqual(expected)
  })

  test('draws as many random bytes as it is asked for', () => {
    expect(lighter.randomBytes(18)).toHaveLength(18)
    expect(lighter.randomBytes(18)).not.toEqual(lighter.randomBytes(18))
  })
})

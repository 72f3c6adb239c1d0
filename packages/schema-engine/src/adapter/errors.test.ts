import { describe, expect, test } from '@jest/globals'
import { parseAddress } from './address.ts'
import { connectionError, scriptError } from './errors.ts'

const address = parseAddress('postgresql://me:secret@db.example.org/pears')
if (!address) throw new Error('the address is valid')

const failing = (code: string | undefined, message = 'failed') => Object.assign(new Error(message), { code })

describe('a failed connection', () => {
  test.each([
    ['28P01', { kind: 'AuthenticationFailed', user: 'me' }],
    ['28000', { kind: 'DatabaseAccessDenied', db: 'pears' }],
    ['3D000', { kind: 'DatabaseDoesNotExist', db: 'pears' }],
    ['53300', { kind: 'TooManyConnections' }],
    ['ECONNREFUSED', { kind: 'DatabaseNotReachable', host: 'db.example.org', port: 5432 }],
    ['ENOTFOUND', { kind: 'DatabaseNotReachable', host: 'db.example.org', port: 5432 }],
    ['57P01', { kind: 'ConnectionClosed' }],
    ['55000', { kind: 'postgres', code: '55000' }],
  ])('%s is told as %j', (code, cause) => {
    expect(connectionError(failing(code), address).cause).toMatchObject(cause)
  })

  test('is told by its words where the driver gives no code', () => {
    const refused = failing(undefined, 'The server does not support SSL connections')
    expect(connectionError(refused, address).cause.kind).toBe('TlsConnectionError')
    const late = failing(undefined, 'timeout expired')
    expect(connectionError(late, address).cause.kind).toBe('DatabaseNotReachable')
  })

  test('of a name with two addresses is told as that of the first', () => {
    const both = new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')])
    expect(connectionError(both, address).cause.kind).toBe('DatabaseNotReachable')
  })
})

test("a failed script keeps the server's words, and shows where", () => {
  const error = Object.assign(new Error('syntax error'), {
    code: '42601',
    severity: 'ERROR',
    position: '3',
    hint: 'h',
  })
  expect(scriptError(error, 'x y').cause).toMatchObject({
    kind: 'postgres',
    code: '42601',
    message: 'syntax error\n\nPosition:\n 1> x y',
    hint: 'h',
    originalCode: '42601',
    originalMessage: 'syntax error',
  })
})

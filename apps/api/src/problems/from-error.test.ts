import { describe, expect, test } from '@jest/globals'
import { refusalOf } from './from-error.ts'
import { problemOf, Refusal } from './problem.ts'

/** As Prisma hands on what PostgreSQL has said. */
const prisma = (code: string, state?: string) =>
  Object.assign(new Error('Invalid `user.create()` invocation: secret'), {
    code,
    ...(state && { meta: { driverAdapterError: { cause: { originalCode: state } } } }),
  })

describe('an error of a database', () => {
  test.each([
    ['a value in use', prisma('P2002'), 'taken', false],
    ['a row that is gone', prisma('P2025'), 'not-found', false],
    ['a foreign key', prisma('P2003'), 'conflict', false],
    ['a foreign key, raw', Object.assign(new Error('x'), { code: '23503' }), 'conflict', false],
    ['a check', prisma('P2039'), 'content-refused', false],
    ['a conflict of transactions', prisma('P2034'), 'conflict', true],
    ['a deadlock', prisma('P2010', '40P01'), 'conflict', true],
    ['no server', prisma('P1001'), 'unavailable', true],
    ['a server that lets nobody in', prisma('P1000'), 'unavailable', true],
    ['no connection that is free', prisma('P2024'), 'unavailable', true],
    ['a server that stops', prisma('P2010', '57P01'), 'unavailable', true],
    ['a server that takes no more', prisma('P2010', '53300'), 'unavailable', true],
    ['a standby', prisma('P2010', '25006'), 'unavailable', true],
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'unavailable', true],
    ['a lost one', new Error('Connection terminated unexpectedly'), 'unavailable', true],
  ])('that says %s', (_, error, kind, retryable) => {
    const refusal = refusalOf(error)
    expect([refusal.kind, problemOf(refusal, 'r').retryable]).toEqual([kind, retryable])
    expect(refusal.message).not.toContain('secret')
  })
})

test('what nobody expected says nothing of itself', () => {
  const problem = problemOf(refusalOf(new TypeError('secret')), 'r')
  expect(problem).toMatchObject({ status: 500, type: 'urn:socrates:problem:internal', retryable: false })
  expect(JSON.stringify(problem)).not.toContain('secret')
})

test('what was refused on purpose stays as it is', () => {
  const refusal = new Refusal('forbidden', 'No.', { retryable: true })
  expect(refusalOf(refusal)).toBe(refusal)
  expect(problemOf(refusal, 'r')).toMatchObject({
    status: 403,
    detail: 'No.',
    retryable: true,
    requestId: 'r',
  })
})

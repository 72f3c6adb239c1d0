import { describe, expect, test } from '@jest/globals'
import { isRightMissing, isUnreadableValue, unavailableReason } from './trouble.ts'

const error = (code: string) => Object.assign(new Error('x'), { code })

describe('the reason', () => {
  test.each([
    ['08006', 'unreachable'],
    ['57P01', 'unreachable'],
    ['57P03', 'unreachable'],
    ['53300', 'unreachable'],
    ['25006', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['57014', 'slow'],
    ['55P03', 'locked'],
    ['40P01', 'locked'],
    ['23503', undefined],
    ['42P01', undefined],
  ])('of %s is %s', (code, reason) => {
    expect(unavailableReason(error(code))).toBe(reason)
  })

  test.each([
    ['timeout exceeded when trying to connect', 'busy'],
    ['Query read timeout', 'slow'],
    ['Connection terminated unexpectedly', 'unreachable'],
    ['Client has encountered a connection error and is not queryable', 'unreachable'],
    ['anything else', undefined],
  ])('of "%s" is %s', (message, reason) => {
    expect(unavailableReason(new Error(message))).toBe(reason)
  })
})

test('values and rights are told apart from outages', () => {
  expect(['22P02', '22003', '42501'].map((code) => isUnreadableValue(error(code)))).toEqual([
    true,
    true,
    false,
  ])
  expect(isRightMissing(error('42501'))).toBe(true)
})

import { describe, expect, test } from '@jest/globals'
import {
  defineFailure,
  errorCode,
  errorMessage,
  exitCodes,
  isFailure,
  isFailureOf,
  tellError,
} from './index.ts'

const milkSour = defineFailure<{ days: number }>('milk.sour', exitCodes.precondition, ({ days }) => ({
  what: `The milk is ${days} days old.`,
  why: 'Milk keeps a week.',
  fix: 'Buy new milk.',
}))

describe('a failure', () => {
  test('carries what a person needs and a machine can match', () => {
    const cause = new Error('smell')
    const failure = milkSour({ days: 9 }, cause)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).toMatchObject({ code: 'milk.sour', exitCode: 2, what: 'The milk is 9 days old.', cause })
    expect(failure.message).toBe('The milk is 9 days old. [milk.sour]')
  })

  test('never prints its cause as JSON', () => {
    const json = JSON.stringify(milkSour({ days: 9 }, new Error('postgresql://u:secret@h/d')))
    expect(JSON.parse(json)).toMatchObject({ code: 'milk.sour', meta: { days: 9 } })
    expect(json).not.toContain('secret')
  })

  test('is known by its shape', () => {
    expect(isFailure(milkSour({ days: 9 }))).toBe(true)
    expect(isFailure(new Error('x'))).toBe(false)
    expect(isFailure(undefined)).toBe(false)
  })

  test('is known by its kind, and then has what its kind tells', () => {
    const failure: unknown = milkSour({ days: 9 })
    const other = defineFailure('milk.spilt', exitCodes.precondition, milkSour)
    expect(isFailureOf(milkSour, failure) ? failure.meta.days : undefined).toBe(9)
    expect([isFailureOf(other, failure), isFailureOf(milkSour, new Error('x'))]).toEqual([false, false])
  })
})

describe("an error's code", () => {
  test.each([
    [Object.assign(new Error('x'), { code: 'ENOENT' }), 'ENOENT'],
    [new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]), 'ECONNREFUSED'],
    [new Error('x'), undefined],
    ['x', undefined],
  ])('%s', (error, code) => {
    expect(errorCode(error)).toBe(code)
  })

  test('stands beside its message', () => {
    expect(errorMessage(new Error('x'))).toBe('x')
    expect(errorMessage('y')).toBe('y')
  })
})

describe('a program that ends with an error', () => {
  test('tells a failure as a person needs it', () => {
    expect(tellError(milkSour({ days: 9 }))).toEqual({
      text: '✖ The milk is 9 days old. [milk.sour]\n  why  Milk keeps a week.\n  fix  Buy new milk.',
      exitCode: 2,
    })
  })

  test('tells where a bug is', () => {
    const { text, exitCode } = tellError(new Error('x'))
    expect(text).toMatch(/^Error: x\n +at /)
    expect(exitCode).toBe(1)
    expect(tellError('y')).toEqual({ text: 'y', exitCode: 1 })
  })
})

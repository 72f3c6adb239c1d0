import { describe, expect, test } from '@jest/globals'
import { parseOptions } from './options.ts'

const parse = (value: unknown) => parseOptions(JSON.stringify(value), 'a/options.json')

describe('options.json', () => {
  test('says times, environments and data that must be there', () => {
    expect(
      parse({
        lockTimeout: '5s',
        lockRetryTime: '2min',
        statementTimeout: '0',
        environments: ['staging'],
        requiresData: ['010'],
      }),
    ).toEqual({
      lockTimeout: 5000,
      lockRetryTime: 120_000,
      statementTimeout: 0,
      environments: ['staging'],
      requiresData: ['010'],
    })
  })

  test('may say nothing', () => {
    expect(parse({})).toEqual({})
  })

  test.each([
    ['an unknown key', { lock_timeout: '5s' }, 'unknown key "lock_timeout"'],
    ['a number where a unit is needed', { lockTimeout: 5 }, '"lockTimeout" must be a time such as "5s"'],
    ['a list with an empty name', { environments: [''] }, '"environments" must be a list of names'],
    ['a list', [], 'not an object'],
    ['null', null, 'not an object'],
  ])('with %s is refused, and the known keys are named', (_, value, problem) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: 'options.invalid',
        exitCode: 2,
        what: expect.stringContaining(problem),
        fix: expect.stringContaining('lockTimeout, lockRetryTime, statementTimeout, environments'),
      }),
    )
  })

  test('that is no JSON is refused with the place', () => {
    expect(() => parseOptions('{ "lockTimeout": }', 'a/options.json')).toThrow(/a\/options\.json.*JSON/)
  })
})

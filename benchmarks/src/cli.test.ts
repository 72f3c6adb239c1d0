import { describe, expect, test } from '@jest/globals'
import { readOptions } from './cli.ts'

describe('the command line', () => {
  test('measures ten rounds on an embedded server unless told otherwise', () => {
    expect(readOptions(['migrate'], {})).toEqual({
      benchmark: 'migrate',
      rounds: 10,
      url: undefined,
      json: false,
      check: false,
      only: [],
      databases: 50,
      seconds: 5,
    })
  })

  test('measures many databases in three', () => {
    expect(readOptions(['fleet'], {})).toMatchObject({ benchmark: 'fleet', rounds: 3, databases: 50 })
    expect(readOptions(['fleet', '--databases', '7'], {})).toMatchObject({ databases: 7 })
  })

  test('takes the server from the environment, where nobody else sees its password', () => {
    const options = readOptions(['migrate', '--only', 'floor,db'], { BENCH_DATABASE_URL: 'postgresql://a' })
    expect(options).toMatchObject({ url: 'postgresql://a', only: ['floor', 'db'] })
  })

  test('measures all parts of the integrity, or those that are named', () => {
    expect(readOptions(['integrity'], {})).toMatchObject({ rounds: 5, only: [] })
    expect(readOptions(['integrity', '--only', 'cascade,lag'], {})).toMatchObject({
      only: ['cascade', 'lag'],
    })
  })

  test('asks the API for as long as is wanted', () => {
    expect(readOptions(['api', '--seconds', '2'], {})).toMatchObject({ rounds: 3, seconds: 2 })
  })

  test('shows its usage when asked, or when nothing is asked', () => {
    expect(readOptions([], {})).toBe('help')
    expect(readOptions(['migrate', '--help'], {})).toBe('help')
  })

  test.each([
    [['seed']],
    [['fleet', '--only', 'db']],
    [['fleet', '--databases', '0']],
    [['migrate', '--databases', '7']],
    [['planner', '--only', 'db']],
    [['api', '--seconds', '0']],
    [['api', '--check']],
    [['stall', '--seconds', '3']],
    [['integrity', '--only', 'db']],
    [['migrate', '--rounds', '0']],
    [['migrate', '--rounds', 'many']],
    [['migrate', '--faster']],
    [['migrate', '--only', 'flor']],
  ])('refuses %j', (args) => {
    expect(() => readOptions(args, {})).toThrow(expect.objectContaining({ code: 'bench.arguments' }))
  })
})

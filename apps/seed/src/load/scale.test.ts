import { expect, test } from '@jest/globals'
import { rateOf, usersOf } from './scale.ts'

test.each([
  ['small', 100],
  ['medium', 2_000],
  ['large', 50_000],
  ['7', 7],
  ['0', undefined],
  ['1.5', undefined],
  ['-3', undefined],
  ['huge', undefined],
  ['', undefined],
  ['toString', undefined],
])('the scale %p is %p users', (scale, users) => {
  expect(usersOf(scale)).toBe(users)
})

test('the rate is that of all rows over the time of the slower database', () => {
  const loaded = (rows: number, seconds: number) => ({
    database: 'd',
    rows,
    tables: {},
    preparedSeconds: 9,
    seconds,
    waitedSeconds: 0,
  })
  expect(rateOf([loaded(100, 1), loaded(900, 2)])).toEqual({ rows: 1000, perSecond: 500 })
})

import { describe, expect, test } from '@jest/globals'
import { nextBatchSize } from './batch-size.ts'

describe('the next batch', () => {
  test.each([
    ['grows with a fast one, by double at most', 1000, 1000, 10, 2000],
    ['shrinks with a slow one, by half at most', 1000, 1000, 60_000, 500],
    ['comes closer to the time that is wanted', 1000, 1000, 400, 1250],
    ['stays after one that was not full', 1000, 10, 1, 1000],
    ['shrinks after a slow one that was not full', 1000, 10, 1000, 500],
    ['is never empty', 1, 1, 60_000, 1],
    ['has a limit', 90_000, 90_000, 1, 100_000],
  ])('%s', (_, size, rows, milliseconds, expected) => {
    expect(nextBatchSize(size, { rows, milliseconds }, 500)).toBe(expected)
  })
})

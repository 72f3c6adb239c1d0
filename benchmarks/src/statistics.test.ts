import { describe, expect, test } from '@jest/globals'
import { pairRatios, summarize } from './statistics.ts'

describe('a summary', () => {
  test('has the middle value of an odd series, whatever its order', () => {
    expect(summarize([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 })
  })

  test('has the mean of the two middle values of an even series', () => {
    expect(summarize([1, 100, 2, 4]).median).toBe(3)
  })

  test('sorts by size, not by text', () => {
    expect(summarize([9, 10, 100]).median).toBe(10)
  })

  test('leaves the series as it is', () => {
    const series = [3, 1, 2]
    summarize(series)
    expect(series).toEqual([3, 1, 2])
  })

  test('of nothing is refused', () => {
    expect(() => summarize([])).toThrow(RangeError)
  })
})

describe('ratios pair by pair', () => {
  test('a slow moment of the machine leaves them as they are', () => {
    expect(pairRatios([120, 1200, 120], [100, 1000, 100])).toEqual([1.2, 1.2, 1.2])
  })

  test('series of different length are refused', () => {
    expect(() => pairRatios([1, 2], [1])).toThrow(RangeError)
  })
})

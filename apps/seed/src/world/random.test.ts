import { describe, expect, test } from '@jest/globals'
import { randomOf } from './random.ts'

describe('a random stream', () => {
  test('is decided by its words, each of them', () => {
    const draw = (...words: number[]) => Array.from({ length: 4 }, randomOf(...words).unit)
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3))
    expect(draw(1, 2, 3)).not.toEqual(draw(1, 2, 4))
    expect(draw(1, 2, 3)).not.toEqual(draw(2, 2, 3))
    expect(draw(1, 2, 3)).not.toEqual(draw(1, 3, 2))
  })

  test('is uniform: each tenth of the unit has its share of 100,000 numbers', () => {
    const random = randomOf(42)
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let drawn = 0; drawn < 100_000; drawn++) {
      const tenth = Math.floor(random.unit() * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const share of tenths) expect(Math.abs(share - 10_000)).toBeLessThan(500)
  })

  test('says integers with both ends, and picks as weights say', () => {
    const random = randomOf(7)
    const integers = new Set(Array.from({ length: 1000 }, () => random.integer(3, 6)))
    expect([...integers].sort()).toEqual([3, 4, 5, 6])
    const picked = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ['often', 0.9],
        ['seldom', 0.1],
        ['never', 0],
      ]),
    )
    const share = picked.filter((value) => value === 'often').length / picked.length
    expect(share).toBeGreaterThan(0.88)
    expect(share).toBeLessThan(0.92)
    expect(picked).not.toContain('never')
  })

  test('makes UUIDs of version 4 and digests, none twice', () => {
    const random = randomOf(1)
    const ids = Array.from({ length: 20_000 }, () => random.uuid())
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids.slice(0, 100)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(random.digest()).toMatch(/^[0-9a-f]{64}$/)
  })

  test('has nothing to pick from nothing', () => {
    expect(() => randomOf(1).pick([])).toThrow(RangeError)
  })
})

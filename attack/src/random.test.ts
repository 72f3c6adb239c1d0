import { expect, test } from '@jest/globals'
import { makeRandom } from './random.ts'

const draws = (seed: number) => {
  const random = makeRandom(seed)
  return Array.from({ length: 1_000 }, () => random.below(10))
}

test('the same seed makes the same choices, another one others', () => {
  expect(draws(7)).toEqual(draws(7))
  expect(draws(7)).not.toEqual(draws(8))
})

test('every choice comes up, and none outside', () => {
  expect(new Set(draws(1))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
})

test('chances are what they say', () => {
  const random = makeRandom(3)
  const hits = Array.from({ length: 10_000 }, () => random.chance(0.2)).filter(Boolean).length
  expect(hits).toBeGreaterThan(1_800)
  expect(hits).toBeLessThan(2_200)
})

test('ids are version 4 UUIDs and differ', () => {
  const random = makeRandom(1)
  const ids = Array.from({ length: 1_000 }, () => random.uuid())
  expect(new Set(ids).size).toBe(1_000)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
})

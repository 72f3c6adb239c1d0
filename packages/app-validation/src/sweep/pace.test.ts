import { expect, test } from '@jest/globals'
import { learnPace, limitOf } from './pace.ts'

const million = 1_000_000

test('a transaction grows until it takes a second, or has as many rows as one may', () => {
  const work = {}
  const limits = [limitOf(work, million)]
  for (let round = 0; round < 3; round += 1) {
    learnPace(work, limitOf(work, million), limitOf(work, million) / 400)
    limits.push(limitOf(work, million))
  }
  expect(limits).toEqual([100_000, 400_000, 400_000, 400_000])
  expect(limitOf(work, 250_000)).toBe(250_000)
})

test('it shrinks where the disk is slow, though never to nothing', () => {
  const work = {}
  learnPace(work, 100_000, 100_000)
  const slow = limitOf(work, million)
  learnPace(work, 1_000, 60_000)
  expect([slow, limitOf(work, million)]).toEqual([1_000, 1_000])
})

test('few rows say nothing of many', () => {
  const work = {}
  learnPace(work, 10, 100)
  expect(limitOf(work, million)).toBe(100_000)
})

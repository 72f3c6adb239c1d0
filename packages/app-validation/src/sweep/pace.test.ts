import { expect, test } from '@jest/globals'
import { learnPace, limitOf, slowDown } from './pace.ts'

const million = 1_000_000

test('a transaction grows until it takes two seconds, or has as many rows as one may', () => {
  const work = {}
  const limits = [limitOf(work, million)]
  for (let round = 0; round < 3; round += 1) {
    learnPace(work, limitOf(work, million), limitOf(work, million) / 400)
    limits.push(limitOf(work, million))
  }
  expect(limits).toEqual([250_000, 800_000, 800_000, 800_000])
  expect(limitOf(work, 250_000)).toBe(250_000)
})

test('it shrinks where the disk is slow, though never to nothing', () => {
  const work = {}
  learnPace(work, 250_000, 50_000)
  const limits = [limitOf(work, million)]
  slowDown(work, million)
  limits.push(limitOf(work, million))
  slowDown(work, million)
  expect([...limits, limitOf(work, million)]).toEqual([10_000, 1_000, 1_000])
})

test('few rows say nothing of many', () => {
  const work = {}
  learnPace(work, 10, 100)
  expect(limitOf(work, million)).toBe(250_000)
})

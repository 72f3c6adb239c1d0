import { expect, test } from '@jest/globals'
import { learnPace, paceOf } from './pace.ts'

test('a piece of work grows to as many ids as have almost as many rows as a transaction may change', () => {
  const work = {}
  const sizes = [paceOf(work)]
  for (let round = 0; round < 4; round += 1) {
    learnPace(work, paceOf(work), paceOf(work) * 10, 5_000)
    sizes.push(paceOf(work))
  }
  expect(sizes).toEqual([100, 200, 400, 400, 400])
})

test('ids without rows make pieces that don’t grow for ever, and one with very many is a piece of its own', () => {
  const work = {}
  for (let round = 0; round < 20; round += 1) learnPace(work, 100, 0, 5_000)
  const idle = paceOf(work)
  learnPace(work, 1, 1_000_000, 5_000)
  expect([idle, paceOf(work)]).toEqual([2_000, 1])
})

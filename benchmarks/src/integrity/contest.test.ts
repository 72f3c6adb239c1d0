import { expect, test } from '@jest/globals'
import { type Contestant, hold } from './contest.ts'
import { isMissed } from './part.ts'

const contestant = (key: string, times: number[], more: Partial<Contestant> = {}): Contestant => ({
  key,
  label: key,
  base: 'floor',
  run: () => Promise.resolve(times.shift() ?? Number.NaN),
  ...more,
})

test('figures are those of the rounds, and ratios those of each round', async () => {
  const [floor, ours] = await hold(
    [contestant('floor', [10, 20, 40]), contestant('ours', [20, 30, 20], { atMost: 1.5 })],
    { rounds: 3 },
  )
  expect(floor).toEqual({
    key: 'floor',
    label: 'floor',
    time: { median: 20, min: 10, max: 40 },
    times: [10, 20, 40],
  })
  expect(ours).toMatchObject({
    time: { median: 20, min: 20, max: 30 },
    ratio: { median: 1.5, min: 0.5, max: 2 },
  })
  expect([floor, ours].map((figure) => figure && isMissed(figure))).toEqual([false, false])
})

test('a target is missed by the median of the ratios', async () => {
  const contestants = [contestant('floor', [10, 10, 10]), contestant('ours', [5, 16, 17], { atMost: 1.5 })]
  const figures = await hold(contestants, { rounds: 3 })
  expect(figures.map(isMissed)).toEqual([false, true])
})

test('every other round goes backwards, and the first may not count', async () => {
  const order: string[] = []
  const run = (key: string) => () => Promise.resolve(order.push(key))
  const settle = () => Promise.resolve(void order.push('-'))
  const contestants = ['a', 'b'].map((key) => contestant(key, [], { base: key, run: run(key) }))
  const figures = await hold(contestants, { rounds: 2, warmUp: true, settle })
  expect(order.join('')).toBe('-b-a-a-b-b-a')
  expect(figures[0]?.time).toMatchObject({ min: 6, max: 12 })
})

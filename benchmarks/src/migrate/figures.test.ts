import { describe, expect, test } from '@jest/globals'
import { makeFigures } from './figures.ts'
import { makeContestant, makeSeries } from './testing/series.ts'

const floor = makeContestant('floor', 'floor')
const pnpmFloor = makeContestant('pnpm-floor', 'floor', 'pnpm')
const ours = makeContestant('ours', 'ours')

describe('the figures of a contestant', () => {
  test('are compared with the floors of its group, round by round', () => {
    const figures = makeFigures([
      makeSeries(floor, [100, 200], [10, 10], 50),
      makeSeries(pnpmFloor, [1, 1], [1, 1], 1),
      makeSeries(ours, [120, 280], [11, 13], 60),
    ])
    const up = figures.find((one) => one.contestant === ours && one.case === 'empty-to-head')
    expect(up?.time.ratios.floor).toEqual({ median: expect.closeTo(1.3), min: 1.2, max: 1.4 })
    expect(up?.memory?.ratios.floor?.median).toBe(1.2)
    expect(Object.keys(up?.time.ratios ?? {})).toEqual(['floor'])
  })

  test('leave out a case in which it was not measured', () => {
    const figures = makeFigures([makeSeries(ours, [100], [], 50)])
    expect(figures.map((one) => one.case)).toEqual(['empty-to-head'])
  })

  test('say nothing of memory where it could not be measured', () => {
    const [up] = makeFigures([makeSeries(ours, [100], [], undefined)])
    expect(up?.memory).toBeUndefined()
  })
})

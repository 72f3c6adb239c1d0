import { describe, expect, test } from '@jest/globals'
import { makeFigures } from './figures.ts'
import { judge } from './targets.ts'
import { makeContestant, makeSeries } from './testing/series.ts'

const floor = makeContestant('floor', 'floor')
const cached = makeContestant('cached', 'floor')
const ours = makeContestant('ours', 'ours')

const verdicts = (mebibytes: number | undefined) =>
  judge(
    [ours],
    makeFigures([
      makeSeries(floor, [100, 100], [100, 100], 50, [100, 100]),
      makeSeries(cached, [80, 80], [100, 100], 50, [110, 110]),
      makeSeries(ours, [110, 110], [115, 115], mebibytes, [120, 120]),
    ]),
  ).map(({ kind, ratio, target }) => [target.case, target.quantity, kind, ratio])

describe('a target', () => {
  test('counts against the harder of the floors, and is met on the mark', () => {
    expect(verdicts(80)).toEqual([
      ['empty-to-head', 'time', 'missed', 1.375],
      ['nothing-to-do', 'time', 'met', 1.15],
      ['head-to-base', 'time', 'missed', 1.2],
      ['empty-to-head', 'memory', 'missed', 1.6],
      ['nothing-to-do', 'memory', 'missed', 1.6],
      ['head-to-base', 'memory', 'missed', 1.6],
    ])
  })

  test('is not judged where there is nothing to judge by', () => {
    expect(verdicts(undefined).map(([, , kind]) => kind)).toEqual([
      'missed',
      'met',
      'missed',
      ...Array(3).fill('not-judged'),
    ])
    expect(judge([ours], []).map(({ kind }) => kind)).toEqual(Array(6).fill('not-judged'))
  })
})

import { describe, expect, test } from '@jest/globals'
import { makeFigures } from './figures.ts'
import type { Run } from './measure.ts'

const runs = (read: number, plan: number, steps = 0): readonly Run[] => Array(3).fill({ steps, read, plan })

const verdicts = (first: readonly Run[], last: readonly Run[]) =>
  makeFigures({
    alembic: runs(100, 25),
    ours: new Map([
      [1000, first],
      [10_000, last],
    ]),
  }).verdicts.map(({ kind, ratio }) => [kind, ratio])

describe('the figures of the planner', () => {
  test('hold planning, and reading with it, against Alembic, and the longest history against the shared one', () => {
    expect(verdicts(runs(30, 20), runs(300, 210))).toEqual([
      ['met', 0.8],
      ['met', 0.4],
      ['met', expect.closeTo(1.02)],
    ])
    expect(verdicts(runs(90, 40), runs(900, 1000))).toEqual([
      ['missed', 1.6],
      ['missed', 1.04],
      ['missed', expect.closeTo(1.4615, 3)],
    ])
  })
})

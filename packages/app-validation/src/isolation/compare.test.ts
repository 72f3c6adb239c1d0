import { describe, expect, test } from '@jest/globals'
import { compareRuns } from './compare.ts'
import type { Ending, Run } from './outcome.ts'
import type { Order } from './scenario.ts'
import { commit, insertRow } from './steps.ts'

const order: Order = [{ session: 'writer', turn: [insertRow(1), commit] }]
const contents = { users: [1], rows: { writer: 1 } }

const run = (insert: Ending, commitment: Ending, more: Partial<Run> = {}): Run => ({
  outcomes: [
    { waited: false, ending: insert },
    { waited: false, ending: commitment },
  ],
  atOnce: contents,
  inTheEnd: contents,
  ...more,
})

describe('compareRuns', () => {
  test('finds nothing where everything is the same', () => {
    expect(compareRuns(order, run('done', 'done'), run('done', 'done'))).toEqual([])
  })

  test('names the step, and not what follows from it', () => {
    const refused = run('missing', 'skipped', {
      atOnce: { users: [1], rows: {} },
      inTheEnd: { users: [1], rows: {} },
    })
    expect(compareRuns(order, run('done', 'done'), refused)).toEqual([
      { at: 'insert row', native: 'done', here: 'missing' },
    ])
  })

  test('tells waiting from not waiting', () => {
    const waits = run('done', 'done', {
      outcomes: [
        { waited: true, ending: 'done' },
        { waited: false, ending: 'done' },
      ],
    })
    expect(compareRuns(order, run('done', 'done'), waits)).toEqual([
      { at: 'insert row', native: 'done', here: 'waits, done' },
    ])
  })

  test('finds what only the sweep has taken away', () => {
    const swept = run('done', 'done', { atOnce: { users: [1], rows: { old: 2, writer: 1 } } })
    expect(compareRuns(order, run('done', 'done'), swept)).toMatchObject([{ at: 'rows at once' }])
  })

  test('finds another end of the same steps', () => {
    const lost = { users: [1], rows: {} }
    expect(
      compareRuns(order, run('done', 'done'), run('done', 'done', { atOnce: lost, inTheEnd: lost })),
    ).toEqual([{ at: 'rows in the end', native: JSON.stringify(contents), here: JSON.stringify(lost) }])
  })
})

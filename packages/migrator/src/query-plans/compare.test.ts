import { describe, expect, test } from '@jest/globals'
import { comparePlans } from './compare.ts'
import type { Explained } from './explain.ts'

const explained = (cost: number, ...shape: readonly string[]): Explained => ({
  name: 'q',
  database: 'd',
  sql: 'SELECT',
  plan: {
    cost,
    rows: 1,
    shape,
    scanned: shape.flatMap((line) => /^\s*Seq Scan on (\S+)/.exec(line)?.[1] ?? []),
  },
  problem: null,
})
const broken: Explained = { ...explained(0), plan: null, problem: 'column "x" does not exist' }
const index = explained(8, 'Index Scan using i on t')

const judge = (before: readonly Explained[], after: readonly Explained[]) =>
  comparePlans(before, after, 2).map(({ verdict, remarks }) => ({ verdict, remarks }))

describe('a plan is', () => {
  test.each<[string, readonly Explained[], readonly Explained[], string, readonly string[]]>([
    ['the same at about the same cost', [index], [explained(9, 'Index Scan using i on t')], 'same', []],
    ['changed with another shape', [index], [explained(9, 'Index Only Scan using i on t')], 'changed', []],
    [
      'worse when it costs more',
      [index],
      [explained(80, 'Index Scan using i on t')],
      'worse',
      ['it costs 10 times as much'],
    ],
    [
      'better when it costs less',
      [index],
      [explained(2, 'Index Scan using i on t')],
      'better',
      ['it costs 0.25 times as much'],
    ],
    [
      'worse when an index is no longer used',
      [index],
      [explained(8, 'Seq Scan on t')],
      'worse',
      ['t is read from beginning to end, where an index was used'],
    ],
    [
      'as good when a table was always scanned',
      [explained(8, 'Seq Scan on t')],
      [explained(8, 'Seq Scan on t')],
      'same',
      [],
    ],
    [
      'worse when the query breaks',
      [index],
      [broken],
      'worse',
      ['it no longer works: column "x" does not exist'],
    ],
    ['worse when it never worked', [], [broken], 'worse', ['it does not work: column "x" does not exist']],
    ['better when it works again', [broken], [index], 'better', ['it works now']],
    ['new without one before', [], [index], 'new', []],
    ['gone without one after', [index], [], 'gone', []],
    ['another query’s', [index], [{ ...index, sql: 'SELECT 1' }], 'same', ['the query itself is another']],
  ])('%s', (_, before, after, verdict, remarks) => {
    expect(judge(before, after)).toEqual([{ verdict, remarks }])
  })

  test('of one database never compared with that of another', () => {
    expect(judge([index], [{ ...index, database: 'e' }]).map(({ verdict }) => verdict)).toEqual([
      'new',
      'gone',
    ])
  })
})

import { expect, test } from '@jest/globals'
import { describeLoss, type Loss } from './loss.ts'

const exactly = (number: number) => ({ number, estimated: false })

test.each<[Loss, string]>([
  [{ kind: 'table', database: 'd', table: 't', count: exactly(1204) }, 'table t of d (1,204 rows)'],
  [
    { kind: 'table', database: 'd', table: 't', count: { number: 5e6, estimated: true } },
    'table t of d (about 5,000,000 rows)',
  ],
  [
    { kind: 'column', database: 'd', table: 't', column: 'c', count: exactly(1) },
    'column t.c of d (1 value)',
  ],
  [{ kind: 'rows', database: 'd', table: 't', count: exactly(0) }, 'rows of t of d (it has 0 rows)'],
])('a loss is named with its size: %j', (loss, text) => {
  expect(describeLoss(loss)).toBe(text)
})

import { expect, test } from '@jest/globals'
import { describeLoss, type Loss } from './loss.ts'
import { sumLosses } from './sum.ts'

const entryOf = (database: string) => database.split('/')[0] ?? database
const table = (database: string, number: number, estimated = false): Loss => ({
  kind: 'table',
  database,
  table: 't',
  count: { number, estimated },
})

test('the same loss in several members of a list is one, and others stay as they are', () => {
  const losses: readonly Loss[] = [
    table('tenants/a', 2),
    table('auth', 7),
    { kind: 'unreadable', database: 'tenants/a', revision: '003', code: 'a DO block' },
    table('tenants/b', 40, true),
    { kind: 'unreadable', database: 'tenants/b', revision: '003', code: 'a DO block' },
  ]
  expect(sumLosses(losses, entryOf).map(describeLoss)).toEqual([
    'table t of 2 databases of tenants (about 42 rows)',
    'table t of auth (7 rows)',
    "whatever a DO block in 003 of 2 databases of tenants deletes: it may be more than is named here, since its code can't be read from outside",
  ])
})

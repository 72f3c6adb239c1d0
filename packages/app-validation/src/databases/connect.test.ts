import { describe, expect, test } from '@jest/globals'
import type { Reference } from '../references/reference.ts'
import { connectDatabases, connectTo } from './connect.ts'

const reference = (database: string, table: string): Reference => ({
  database,
  schema: null,
  table,
  column: 'user_id',
  model: table,
  field: 'userId',
  target: { database: 'auth', schema: null, table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
})
const at = (connectionString: string) => () => ({ connectionString })
const auth = { name: 'auth', pool: at('postgresql://u@h/auth') }
const plans = { name: 'plans', pool: at('postgresql://u@h/plans'), references: [reference('plans', 'plans')] }

describe('databases', () => {
  test('are connected by what they declare, each in its schema', () => {
    const { links, addressOf } = connectDatabases({ auth, some: { $database: { ...plans, schema: 's' } } })
    expect(links).toMatchObject([
      {
        source: 'auth',
        referencing: 'plans',
        columns: [{ name: 's.plans.user_id', target: 'public.users.id' }],
      },
    ])
    expect(addressOf('auth')).toBe(auth)
  })

  test('that lie in one are swept together, since they share the tombstones', () => {
    const bills = { ...plans, name: 'bills', schema: 'b', references: [reference('bills', 'bills')] }
    const { links, declared } = connectDatabases({ auth, plans, bills })
    expect(links).toMatchObject([
      { referencing: 'plans', columns: [{ name: 'public.plans.user_id' }, { name: 'b.bills.user_id' }] },
    ])
    expect(declared.map(({ database }) => database)).toEqual(['plans', 'bills'])
  })

  test('have to be all that references name, and of different names', () => {
    expect(() => connectDatabases({ plans })).toThrow('[references.database-missing]')
    expect(() => connectDatabases({ auth, a: plans, b: { ...plans } })).toThrow(
      'Two databases have the name plans.',
    )
  })

  test('that refer to one are asked for that alone', () => {
    const far = {
      ...reference('plans', 'far'),
      target: { database: 'away', schema: null, table: 't', column: 'id' },
    }
    const { links } = connectTo(auth, { plans: { ...plans, references: [...plans.references, far] } })
    expect(links).toMatchObject([{ source: 'auth', columns: [{ name: 'public.plans.user_id' }] }])
  })
})

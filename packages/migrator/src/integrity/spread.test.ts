import { describe, expect, test } from '@jest/globals'
import type { Reference } from '@manybase/app-validation/status'
import type { Target } from '../catalog/target.ts'
import { parseDatabaseUrl } from '../catalog/url.ts'
import { spreadReferences } from './spread.ts'

const reference = (database: string, to = 'auth'): Reference => ({
  database,
  schema: null,
  table: 'projects',
  column: 'user_id',
  model: 'Project',
  field: 'userId',
  target: { database: to, schema: null, table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
})

const list = { name: 'specs', lists: new Set(['specs']) }

function target(name: string, url: string): Target {
  const [, member] = name.split('/')
  return {
    name,
    label: name,
    directory: '',
    schemaFile: '',
    migrations: '',
    client: '',
    source: { kind: 'variable', name: 'URL' },
    connection: parseDatabaseUrl(url, 'URL'),
    origin: 'URL',
    ...(member !== undefined && { membership: { list, member } }),
  }
}
const auth = target('auth', 'postgresql://u@h/auth')

describe('the references of a list', () => {
  test('are those of each member, under its name and in its schema', () => {
    const members = [
      target('specs/a', 'postgresql://u@h/a'),
      target('specs/b', 'postgresql://u@h/b?schema=s'),
    ]
    const spread = spreadReferences([reference('specs')], [auth, ...members])
    expect(spread.map(({ own }) => [own.database, own.schema, own.target.database])).toEqual([
      ['specs/a', 'public', 'auth'],
      ['specs/b', 's', 'auth'],
    ])
    expect(spread.map(({ swept }) => swept.database)).toEqual(['specs/a', 'specs/b'])
  })

  test('are refused where two members share a PostgreSQL database', () => {
    const members = ['a', 'b'].map((name) => target(`specs/${name}`, `postgresql://u@h/all?schema=${name}`))
    expect(() => spreadReferences([reference('specs')], [auth, ...members])).toThrow(
      '[integrity.members-together]',
    )
    expect(spreadReferences([], members)).toEqual([])
  })

  test('can’t lead to one', () => {
    const members = [target('specs/a', 'postgresql://u@h/a')]
    expect(() => spreadReferences([reference('auth', 'specs')], [auth, ...members])).toThrow(
      '[integrity.list-referenced]',
    )
  })
})

test('databases that lie in one are swept under the name of the first, each in its own schema', () => {
  const both = ['plans', 'bills'].map((name) => target(name, `postgresql://u@h/all?schema=${name}`))
  const spread = spreadReferences([reference('plans'), reference('bills')], [auth, ...both])
  expect(spread.map(({ own }) => own.database)).toEqual(['plans', 'bills'])
  expect(spread.map(({ swept }) => `${swept.database} ${swept.schema}`)).toEqual([
    'plans plans',
    'plans bills',
  ])
})

import { describe, expect, test } from '@jest/globals'
import { plainTable, projectsToUsers } from '../testing/sides.ts'
import { desiredIn } from './desired.ts'
import { inTheWay } from './in-the-way.ts'

const table = (name: string) => ({ ...plainTable(name), columns: ['user_id'], relations: [plainTable(name)] })
const references = ['projects', 'notes'].map((name) => ({ ...projectsToUsers, table: name }))
const desired = desiredIn('specs', references, [table('projects'), table('notes')])
const tables = (script: string, options?: { all: boolean }) =>
  inTheWay(desired, script, options).map(({ trigger }) => `${trigger.relation.name} ${trigger.name}`)

describe('what stands aside for a script', () => {
  test('are the triggers with a condition of the tables that it names', () => {
    expect(tables('ALTER TABLE notes DROP COLUMN user_id')).toEqual(['notes integrity_fence_update_user_id'])
  })

  test('are all of them where it names none, as one that composes its statements does', () => {
    expect(tables(`DO $$BEGIN EXECUTE format('…'); END$$`)).toHaveLength(2)
    expect(tables('SELECT 1', { all: false })).toEqual([])
  })
})

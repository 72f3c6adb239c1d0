import { describe, expect, test } from '@jest/globals'
import type { Reference } from '@manybase/app-validation'
import { describeSkew, findSkew } from './references.ts'

const reference = (column: string): Reference => ({
  database: 'specs',
  schema: null,
  table: 'projects',
  column,
  model: 'Project',
  field: column,
  target: { database: 'auth', schema: null, table: 'users', column: 'id' },
  onDelete: 'Cascade',
  required: true,
  type: 'uuid',
})
const references = [reference('user_id'), reference('created_by')]

describe('references between a database that goes back and one that does not', () => {
  test('are torn when the named side goes back', () => {
    const [skew, ...others] = findSkew(references, new Set(['auth']))
    expect({ skew, others }).toEqual({
      skew: {
        referenced: 'auth',
        table: 'users',
        referencing: 'specs',
        columns: ['projects.user_id', 'projects.created_by'],
        restored: 'referenced',
      },
      others: [],
    })
    expect(skew && describeSkew(skew).join(' ')).toMatch(
      /deleted since the backup are there again.*what names them in specs stays/,
    )
  })

  test('are torn when the naming side goes back', () => {
    const [skew] = findSkew(references, new Set(['specs']))
    expect(skew?.restored).toBe('referencing')
    expect(skew && describeSkew(skew).join(' ')).toContain('stays deleted')
  })

  test('hold together when both go back', () => {
    expect(findSkew(references, new Set(['auth', 'specs']))).toEqual([])
  })
})

import { describe, expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { readTaken } from './read.ts'

const taken = async (script: string) => (await splitStatements(script)).flatMap(({ tree }) => readTaken(tree))

describe('what a script takes away', () => {
  test.each([
    [
      'DROP TABLE IF EXISTS a.b, "C d" CASCADE',
      [
        { kind: 'table', table: 'a.b' },
        { kind: 'table', table: '"C d"' },
      ],
    ],
    ['DROP MATERIALIZED VIEW m', [{ kind: 'table', table: 'm' }]],
    [
      'ALTER TABLE t DROP COLUMN a, ADD b int, DROP COLUMN IF EXISTS "C"',
      [
        { kind: 'column', table: 't', column: 'a' },
        { kind: 'column', table: 't', column: 'C' },
      ],
    ],
    ['DROP SCHEMA s CASCADE', [{ kind: 'schema', schema: 's' }]],
    [
      'TRUNCATE a, b',
      [
        { kind: 'rows', table: 'a' },
        { kind: 'rows', table: 'b' },
      ],
    ],
    ['DELETE FROM t WHERE a = 1', [{ kind: 'rows', table: 't' }]],
    [
      'WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone',
      [{ kind: 'rows', table: 't' }],
    ],
    ['DO $$ BEGIN DELETE FROM t; END $$', [{ kind: 'unreadable', code: 'a DO block' }]],
    ['CALL a.purge(1)', [{ kind: 'unreadable', code: 'a.purge()' }]],
    ['SELECT purge(), 1', [{ kind: 'function', name: 'purge' }]],
    ['SELECT * FROM a.purge()', [{ kind: 'function', name: 'a.purge' }]],
  ])('%s', async (script, expected) => {
    expect(await taken(script)).toEqual(expected)
  })

  test.each([
    'DROP INDEX i',
    'DROP VIEW v',
    'DROP FUNCTION f()',
    'ALTER TABLE t ALTER COLUMN a DROP NOT NULL',
    "SELECT 'DROP TABLE t'",
    '-- DROP TABLE t',
  ])('%s takes nothing', async (script) => {
    expect(await taken(script)).toEqual([])
  })
})

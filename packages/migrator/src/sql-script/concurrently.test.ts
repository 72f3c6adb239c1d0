import { describe, expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { dropsConcurrently, readConcurrentIndex } from './concurrently.ts'

const first = async (script: string) => {
  const [statement] = await splitStatements(script)
  if (!statement) throw new Error('no statement')
  return statement
}

const rebuilt = async (script: string) =>
  (await readConcurrentIndex(await first(script)))?.onTable('pg_temp.clone', 'i')

describe('CREATE INDEX CONCURRENTLY', () => {
  test.each([
    ['CREATE INDEX CONCURRENTLY t_a ON t (a)', 'CREATE INDEX i ON pg_temp.clone  (a)'],
    [
      'create unique index concurrently on t using btree (lower(b), c) where a > 1',
      'CREATE UNIQUE INDEX i ON pg_temp.clone  using btree (lower(b), c) where a > 1',
    ],
    [
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS "on" ON ONLY "Größe"."ON" /* on */ (a)',
      'CREATE INDEX i ON pg_temp.clone  /* on */ (a)',
    ],
    [
      '-- ON\nCREATE INDEX CONCURRENTLY x ON\n  public . t USING gin (b)',
      'CREATE INDEX i ON pg_temp.clone  USING gin (b)',
    ],
  ])('%s can be made elsewhere', async (script, expected) => {
    expect(await rebuilt(script)).toBe(expected)
  })

  test('is known with its name and table', async () => {
    const script = 'SELECT 1; CREATE INDEX CONCURRENTLY IF NOT EXISTS "i 1" ON s."T" (a)'
    const statement = (await splitStatements(script))[1]
    expect(statement && (await readConcurrentIndex(statement))).toMatchObject({
      name: 'i 1',
      table: '"s"."T"',
      ifNotExists: true,
    })
  })

  test('without the word is an ordinary statement', async () => {
    expect(await readConcurrentIndex(await first('CREATE INDEX t_a ON t (a)'))).toBeUndefined()
  })
})

test.each([
  ['DROP INDEX CONCURRENTLY IF EXISTS t_a', true],
  ['DROP INDEX t_a', false],
  ['DROP TABLE t', false],
])('%s: %s', async (script, expected) => {
  expect(dropsConcurrently(await first(script))).toBe(expected)
})

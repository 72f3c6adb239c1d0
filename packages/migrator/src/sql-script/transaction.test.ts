import { expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { refusesTransaction } from './transaction.ts'

const refuses = async (script: string) => (await splitStatements(script)).map(refusesTransaction)

test.each([
  'CREATE INDEX CONCURRENTLY i ON t (a)',
  'DROP INDEX CONCURRENTLY i',
  'REINDEX INDEX CONCURRENTLY i',
  'REINDEX SCHEMA s',
  'VACUUM t',
  'ALTER TABLE t DETACH PARTITION p CONCURRENTLY',
  'ALTER SYSTEM SET work_mem = 1000',
  'CREATE DATABASE d',
])('%s knows no transaction', async (script) => {
  expect(await refuses(script)).toEqual([true])
})

test.each([
  'CREATE INDEX i ON t (a)',
  'DROP TABLE t',
  'REINDEX TABLE t',
  'ANALYZE t',
  'ALTER TABLE t ADD a int',
])('%s runs in one', async (script) => {
  expect(await refuses(script)).toEqual([false])
})

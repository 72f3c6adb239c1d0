import { expect, test } from '@jest/globals'
import { readQueries } from './queries.ts'

const read = (text: string) => readQueries('queries.sql', text)

test('each query has its name, and the database that was said last', async () => {
  expect(
    await read(`-- What people look at.
-- name: one
SELECT ';' FROM t WHERE id = $1;

-- database: specs
-- name: two
-- (the list)
UPDATE t SET a = 1;
-- name: three
SELECT 3`),
  ).toEqual([
    { name: 'one', database: undefined, sql: "SELECT ';' FROM t WHERE id = $1" },
    { name: 'two', database: 'specs', sql: 'UPDATE t SET a = 1' },
    { name: 'three', database: 'specs', sql: 'SELECT 3' },
  ])
})

test.each([
  ['', 'it is empty'],
  ['SELECT 1', 'no name stands above "SELECT 1"'],
  ['-- name: a\nSELECT 1; SELECT 2', 'no name stands above "SELECT 2"'],
  ['-- name: a\nSELECT 1;\n-- name: a\nSELECT 2', '"a" is there twice'],
  ['-- name: a\nDROP TABLE t', '"a" is neither SELECT'],
  ['-- name: a\nSELEKT 1', 'syntax error'],
])('%j is refused', async (text, problem) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'queries.unusable',
    what: expect.stringContaining(problem),
  })
})

import { describe, expect, test } from '@jest/globals'
import { batchQuery, readBatch, readBatchStatement } from './statement.ts'

const read = async (script: string) => {
  const found = await readBatchStatement(script)
  return found.kind === 'statement' ? found.statement : found.problem
}

const ids = '(SELECT id FROM t WHERE v IS NULL LIMIT :batch)'

describe('the statement of a data.sql', () => {
  test('without a cursor goes on as long as it finds rows', async () => {
    const statement = await read(`-- why\nUPDATE t SET v = 1 WHERE id IN ${ids};\n`)
    expect(statement).toMatchObject({
      form: 'shrinking',
      command: 'update',
      table: '"t"',
      endless: undefined,
    })
  })

  test('with a cursor returns the greatest of the batch', async () => {
    const statement = await read(
      `UPDATE s.t SET v = 1 WHERE id IN (SELECT id FROM s.t WHERE :cursor IS NULL OR id > :cursor ORDER BY id LIMIT :batch) RETURNING id AS cursor -- end`,
    )
    expect(statement).toMatchObject({ form: 'returning', table: '"s"."t"' })
    if (typeof statement === 'string') throw new Error(statement)
    const next = batchQuery(statement, { cursor: '7', size: 10 })
    expect(next.values).toEqual([10, '7'])
    expect(next.text.slice(next.prefix)).toMatch(
      /^UPDATE s\.t .* '' {6}IS NULL OR id > \$2 .* -- end\n\) SELECT cursor::text/,
    )
    const first = batchQuery(statement, { cursor: null, size: 10 })
    expect(first.values).toEqual([10])
    expect(first.text).toContain('NULL    IS NULL OR id > NULL ')
  })

  test('may be a SELECT around what changes the rows', async () => {
    const statement = await read(
      `WITH b AS (SELECT id FROM t WHERE id > :cursor ORDER BY id LIMIT :batch),
            d AS (UPDATE t SET v = 1 FROM b WHERE b.id = t.id)
       SELECT max(id) AS cursor, count(*) AS rows FROM b`,
    )
    expect(statement).toMatchObject({ form: 'selecting', command: 'select', table: undefined })
  })

  test.each([
    ['SELECT 1; SELECT 2', 'it has 2 statements, not one'],
    ['-- nothing\n', 'it has no statement, not one'],
    ['CREATE TABLE t ()', 'it is none of INSERT, UPDATE, DELETE, MERGE and SELECT'],
    ['COMMIT', 'it is none of INSERT'],
    ['UPDATE t SET v = 1 WHERE v IS NULL', 'it needs LIMIT :batch'],
    [
      `UPDATE t SET v = :value WHERE id IN ${ids}`,
      'the unknown parameter :value; there are :batch and :cursor',
    ],
    ['UPDATE t SET v = 1 WHERE id > :cursor AND id < :batch', 'RETURNING … AS cursor'],
    ['SELECT f(id) AS cursor FROM t LIMIT :batch', 'it needs :cursor'],
    ['SELECT f(id) FROM t WHERE id > :cursor LIMIT :batch', 'SELECT … AS cursor'],
    [
      'WITH d AS (DELETE FROM u RETURNING id) UPDATE t SET v = 1 WHERE id > :cursor AND n < :batch RETURNING id AS cursor',
      'let it end in a SELECT',
    ],
    [
      'DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT :batch FOR UPDATE SKIP LOCKED)',
      'SKIP LOCKED would pass over rows',
    ],
    ['UPDATE t SET', 'syntax error'],
    ["UPDATE t SET v = 'x", 'has no end'],
  ])('%s is refused: %s', async (script, problem) => {
    expect(await read(script)).toContain(problem)
  })

  test.each([
    ['UPDATE t SET v = 1 WHERE id IN (SELECT id FROM t LIMIT :batch)', 'it sets v, and nothing'],
    ['INSERT INTO n SELECT id FROM t LIMIT :batch', "it doesn't look into n"],
    ['INSERT INTO n SELECT id FROM t LIMIT :batch ON CONFLICT DO NOTHING', 'found again'],
  ])('%s may never end: %s', async (script, reason) => {
    expect(await read(script)).toMatchObject({ endless: expect.stringContaining(reason) })
  })

  test.each([
    `UPDATE t SET v = 1 WHERE id IN ${ids}`,
    'WITH b AS (SELECT id FROM t x WHERE x.v IS NULL LIMIT :batch) UPDATE t SET v = 1 FROM b WHERE b.id = t.id',
    'DELETE FROM t WHERE id IN (SELECT id FROM t WHERE old LIMIT :batch)',
    'INSERT INTO n SELECT id FROM t WHERE NOT EXISTS (SELECT FROM n WHERE n.id = t.id) LIMIT :batch',
    'INSERT INTO n SELECT id FROM t WHERE id > :cursor ORDER BY id LIMIT :batch RETURNING id AS cursor',
  ])('%s ends', async (script) => {
    expect(await read(script)).toMatchObject({ endless: undefined })
  })
})

describe('what a batch came to', () => {
  test.each([
    ['shrinking', { rowCount: 3, rows: [] }, { rows: 3, cursor: null, done: false }],
    ['shrinking', { rowCount: 0, rows: [] }, { rows: 0, cursor: null, done: true }],
    ['returning', { rowCount: 1, rows: [{ cursor: '7', rows: '4' }] }, { rows: 4, cursor: '7', done: false }],
    ['returning', { rowCount: 0, rows: [] }, { rows: 0, cursor: null, done: true }],
    ['selecting', { rowCount: 1, rows: [{ cursor: 'a' }] }, { rows: 0, cursor: 'a', done: false }],
    [
      'selecting',
      { rowCount: 1, rows: [{ cursor: null, rows: '0' }] },
      { rows: 0, cursor: null, done: true },
    ],
  ] as const)('is read from a %s statement', (form, { rowCount, rows }, expected) => {
    expect(readBatch({ form }, { rowCount, rows: [...rows] })).toEqual(expected)
  })
})

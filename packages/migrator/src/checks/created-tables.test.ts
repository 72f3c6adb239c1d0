import { describe, expect, test } from '@jest/globals'
import { createdTables } from './created-tables.ts'

describe('the tables that a script creates', () => {
  test.each([
    ['CREATE TABLE a (id int); CREATE TABLE IF NOT EXISTS s."B c" (id int)', ['a', 'B c']],
    ['CREATE TABLE a AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1', ['a']],
    ['CREATE TEMP TABLE t (id int); CREATE UNLOGGED TABLE u (id int)', ['u']],
    ['CREATE TABLE a (id int); CREATE TABLE b (id int); DROP TABLE s.a', ['b']],
    ['CREATE TABLE a_new (id int); ALTER TABLE a_new RENAME TO a; ALTER TABLE x RENAME TO y', ['a']],
    ["COMMENT ON TABLE a IS 'CREATE TABLE b (id int);'", []],
  ])('%s', async (script, tables) => {
    expect((await createdTables(script)).tables).toEqual(tables)
  })

  test('may be partitions, which are told apart', async () => {
    const script =
      'CREATE TABLE a (id int) PARTITION BY LIST (id); CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1)'
    expect(await createdTables(script)).toEqual({ tables: ['a', 'a1'], partitions: ['a1'], runsCode: false })
  })

  test('may be more where the script runs code', async () => {
    const script = 'DO $$ BEGIN CREATE TABLE a (id int); END $$'
    expect(await createdTables(script)).toMatchObject({ tables: [], runsCode: true })
  })

  test('are not known where the script is no SQL', async () => {
    await expect(createdTables('CREATE TABEL a (id int)')).rejects.toThrow('syntax error')
  })
})

import { describe, expect, test } from '@jest/globals'
import { annotate, tablesCreated } from './warnings.ts'

const warnings = async (script: string) =>
  [...(await annotate(script)).matchAll(/^-- WARNING: (.*)$/gm)].map(([, text]) => text)

describe('a warning stands above what loses data or may fail on it', () => {
  test.each([
    ['DROP TABLE "a", b', ['drops the table a with all its rows.', 'drops the table b with all its rows.']],
    ['DROP SCHEMA s', ['drops the schema s with all that is in it.']],
    ['ALTER TABLE a DROP COLUMN b, ADD COLUMN c int', ['drops the column a.b with all its values.']],
    [
      'ALTER TABLE a ALTER COLUMN b SET DATA TYPE int',
      ["changes the type of a.b; values may be cut, and one that doesn't fit makes it fail."],
    ],
    ['ALTER TABLE a ALTER COLUMN b SET NOT NULL', ['fails where a.b is null.']],
    [
      'ALTER TABLE a ADD COLUMN b text NOT NULL',
      ['fails where a has rows: b is required and has no default.'],
    ],
    ['CREATE UNIQUE INDEX i ON a (b)', ['fails where a holds the same key twice.']],
    ['ALTER TABLE a ADD CONSTRAINT k PRIMARY KEY (b)', ['fails where a holds the same key twice.']],
    ['TRUNCATE a', ['deletes rows of a.']],
    ['DELETE FROM a', ['deletes rows of a.']],
  ])('%s', async (script, expected) => {
    expect(await warnings(script)).toEqual(expected)
  })

  test.each([
    'ALTER TABLE a ADD COLUMN b text',
    "ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT ''",
    'ALTER TABLE a ADD COLUMN b serial NOT NULL',
    'ALTER TABLE a ADD COLUMN b int NOT NULL GENERATED ALWAYS AS IDENTITY',
    'CREATE TABLE a (b int); CREATE UNIQUE INDEX i ON a (b); ALTER TABLE a ADD COLUMN c text NOT NULL',
    'CREATE INDEX i ON a (b)',
    "SELECT 'DROP TABLE a'",
  ])('none above %s', async (script) => {
    expect(await warnings(script)).toEqual([])
  })
})

test('comments stay, and a transaction of its own goes', async () => {
  expect(await annotate('-- AlterEnum\nBEGIN;\n-- why\nDROP TABLE a;\nCOMMIT;\n')).toBe(
    '-- WARNING: drops the table a with all its rows.\n-- why\nDROP TABLE a;\n',
  )
})

test('the tables that a script creates are known', async () => {
  expect(await tablesCreated('CREATE TABLE a (); CREATE TABLE s."B" (c int);')).toEqual(['a', 'B'])
})

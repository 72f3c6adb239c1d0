import { describe, expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import type { ColumnNow, Setting, TableNow } from './danger.ts'
import { rules } from './rules.ts'

const column = (type: string, more: Partial<ColumnNow> = {}): ColumnNow => ({
  type,
  required: false,
  checkedNotNull: false,
  ...more,
})

const table = (name: string, rows: number): TableNow => ({
  name,
  rows,
  bytes: rows * 100,
  filled: rows > 0,
  big: rows >= 1000,
  columns: new Map([
    ['short', column('character varying(20)')],
    ['text', column('text')],
    ['amount', column('numeric(6,2)')],
    ['number', column('integer')],
    ['checked', column('text', { checkedNotNull: true })],
    ['required', column('text', { required: true })],
  ]),
})

const tables = new Map([
  ['big', table('big', 5_000)],
  ['small', table('small', 3)],
  ['bare', table('bare', 0)],
])

const setting: Setting = {
  table: (relation) => relation && tables.get(relation.relname ?? ''),
  isVolatile: (name) => name === 'gen_random_uuid' || name === 'random',
}

async function found(script: string): Promise<readonly string[]> {
  const trees = (await splitStatements(script)).map(({ tree }) => tree)
  return trees
    .flatMap((tree) => rules.flatMap((rule) => rule(tree, setting)))
    .map(({ rule, status }) => (status === 'failed' ? `${rule}!` : rule))
}

describe('dangerous on a big table, and not on a small or a new one', () => {
  test.each([
    ['index-blocking', 'CREATE INDEX ON %s (text)'],
    ['unique-constraint', 'ALTER TABLE %s ADD CONSTRAINT k UNIQUE (text)'],
    ['unique-constraint', 'ALTER TABLE %s ADD PRIMARY KEY (text)'],
    ['constraint-scan', 'ALTER TABLE %s ADD CONSTRAINT c CHECK (number > 0)'],
    ['constraint-scan', 'ALTER TABLE %s ADD FOREIGN KEY (number) REFERENCES other'],
    ['set-required', 'ALTER TABLE %s ALTER text SET NOT NULL'],
    ['type-change', 'ALTER TABLE %s ALTER number TYPE bigint'],
    ['type-change', 'ALTER TABLE %s ALTER short TYPE varchar(10)'],
    ['type-change', 'ALTER TABLE %s ALTER amount TYPE numeric(8,3)'],
    ['type-change', 'ALTER TABLE %s ALTER text TYPE text USING lower(text)'],
    ['volatile-default', 'ALTER TABLE %s ADD id uuid DEFAULT gen_random_uuid()'],
    ['volatile-default', 'ALTER TABLE %s ADD n int DEFAULT (random() * 10)::int'],
    ['volatile-default', 'ALTER TABLE %s ADD id bigserial'],
    ['volatile-default', 'ALTER TABLE %s ADD id int GENERATED ALWAYS AS IDENTITY'],
    ['volatile-default', 'ALTER TABLE %s ADD id int GENERATED ALWAYS AS (number * 2) STORED'],
    ['rewriting', 'CLUSTER %s USING big_pkey'],
    ['rewriting', 'ALTER TABLE %s SET UNLOGGED'],
    ['rewriting', 'ALTER TABLE %s SET TABLESPACE elsewhere'],
    ['rewriting', 'REFRESH MATERIALIZED VIEW %s'],
    ['whole-table', 'UPDATE %s SET text = 1'],
    ['whole-table', 'DELETE FROM %s'],
  ])('%s: %s', async (rule, script) => {
    expect(await found(script.replace('%s', 'big'))).toEqual([rule])
    expect(await found(script.replace('%s', 'small'))).toEqual([])
    expect(await found(script.replace('%s', 'new_table'))).toEqual([])
  })
})

describe('harmless on a big table too', () => {
  test.each([
    'CREATE INDEX CONCURRENTLY ON big (text)',
    'ALTER TABLE big ADD CONSTRAINT k UNIQUE USING INDEX i',
    'ALTER TABLE big ADD CONSTRAINT c CHECK (number > 0) NOT VALID',
    'ALTER TABLE big VALIDATE CONSTRAINT c',
    'ALTER TABLE big ALTER checked SET NOT NULL',
    'ALTER TABLE big ALTER required SET NOT NULL',
    'ALTER TABLE big ALTER short TYPE varchar(40)',
    'ALTER TABLE big ALTER short TYPE text',
    'ALTER TABLE big ALTER amount TYPE numeric(10,2)',
    'ALTER TABLE big ADD n int DEFAULT 1',
    'ALTER TABLE big ADD at timestamptz NOT NULL DEFAULT now()',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY big',
    'UPDATE big SET text = 1 WHERE number = 1',
    'CREATE TABLE c (id serial PRIMARY KEY)',
    "COMMENT ON TABLE big IS 'x'",
  ])('%s', async (script) => {
    expect(await found(script)).toEqual([])
  })
})

describe('what rows are there decides', () => {
  test.each([
    ['ALTER TABLE small ADD n int NOT NULL', ['required-without-value!']],
    ['ALTER TABLE bare ADD n int NOT NULL', []],
    ['ALTER TABLE small ADD n int NOT NULL DEFAULT 0', []],
    ['ALTER TABLE small ADD n int NOT NULL GENERATED ALWAYS AS IDENTITY', []],
    ['DROP TABLE small, bare', ['losing']],
    ['TRUNCATE small', ['losing']],
    ['ALTER TABLE small DROP COLUMN text', ['losing']],
    ['ALTER TABLE bare DROP COLUMN text', []],
    ['ALTER TABLE small RENAME COLUMN text TO words', ['renaming']],
    ['ALTER TABLE small RENAME TO tiny', ['renaming']],
    ['ALTER TABLE new_table RENAME TO newer', []],
  ])('%s', async (script, expected) => {
    expect(await found(script)).toEqual(expected)
  })
})

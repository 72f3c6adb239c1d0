import { expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { touchedBy } from './touched.ts'

const touched = async (script: string) =>
  (await splitStatements(script))
    .flatMap(({ tree }) => touchedBy(tree, 'own'))
    .map(({ schema, table, lock, altered }) => `${schema}.${table} ${lock}${altered ? '' : ' (not altered)'}`)

test.each([
  ['ALTER TABLE t ADD c int', ['own.t ACCESS EXCLUSIVE']],
  ['ALTER TABLE "S".t VALIDATE CONSTRAINT c', ['S.t SHARE UPDATE EXCLUSIVE']],
  [
    'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES s.u',
    ['own.t SHARE ROW EXCLUSIVE', 's.u SHARE ROW EXCLUSIVE (not altered)'],
  ],
  [
    'ALTER TABLE t ADD a int REFERENCES u, VALIDATE CONSTRAINT c',
    ['own.t ACCESS EXCLUSIVE', 'own.u SHARE ROW EXCLUSIVE (not altered)'],
  ],
  ['ALTER TABLE t ATTACH PARTITION p DEFAULT', ['own.t SHARE UPDATE EXCLUSIVE', 'own.p ACCESS EXCLUSIVE']],
  ['CREATE INDEX ON t (a)', ['own.t SHARE']],
  ['CREATE INDEX CONCURRENTLY ON t (a)', ['own.t SHARE UPDATE EXCLUSIVE']],
  ['CREATE TABLE n (a int REFERENCES u)', ['own.u SHARE ROW EXCLUSIVE (not altered)']],
  ['CREATE TABLE n PARTITION OF t DEFAULT', ['own.t ACCESS EXCLUSIVE']],
  ['DROP TABLE t, s.u', ['own.t ACCESS EXCLUSIVE', 's.u ACCESS EXCLUSIVE']],
  ['DROP TRIGGER g ON s.t', ['s.t ACCESS EXCLUSIVE']],
  ['CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()', ['own.t SHARE ROW EXCLUSIVE']],
  ['CREATE POLICY p ON t', ['own.t ACCESS EXCLUSIVE']],
  ['ALTER TABLE t RENAME a TO b', ['own.t ACCESS EXCLUSIVE']],
  ['TRUNCATE t, u', ['own.t ACCESS EXCLUSIVE (not altered)', 'own.u ACCESS EXCLUSIVE (not altered)']],
  ['UPDATE t SET a = 1', ['own.t ROW EXCLUSIVE (not altered)']],
  ['INSERT INTO t VALUES (1)', ['own.t ROW EXCLUSIVE (not altered)']],
  ['SELECT 1 FROM t', []],
  ['CREATE TEMP TABLE x (a int)', []],
  ['DROP FUNCTION f()', []],
])('%s', async (script, expected) => {
  expect(await touched(script)).toEqual(expected)
})

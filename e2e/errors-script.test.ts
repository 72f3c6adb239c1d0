import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedIn, catalogsOf } from './support/catalogs.ts'
import { type Expected, expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import type { Result } from './support/run.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const first = `CREATE TABLE parent (id int PRIMARY KEY, name text);
CREATE TABLE child (id int PRIMARY KEY, parent_id int);
INSERT INTO child VALUES (1, 7);
`

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

/** Applies `first`, then fails with `script`: the database is as `first` left it. */
async function failWith(script: string): Promise<Result> {
  project = makeProject(tenant, { alpha: { '001_first': first } })
  expect((await project.db(['migrate'])).exitCode).toBe(0)
  const before = await catalogsOf(project, 'alpha')
  project.revision('alpha', '002_second', script)
  const result = await project.db(['migrate'])
  expect(await catalogsOf(project, 'alpha')).toEqual(before)
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first'])
  expect(result.stderr).toContain('❌ alpha: 001 (1 behind 002)\n')
  return result
}

/** The code frame of a failure: the lines between what happened and why. */
const frameOf = ({ stderr }: Result): string =>
  /\[migration\.failed\]\n\n(?<frame>[\s\S]*?)\n\n {2}why/.exec(stderr)?.groups?.frame ?? ''

const file = 'alpha/prisma/migrations/002_second/migration.sql'
const failed = { code: 'migration.failed', exitCode: 5 } as const

describe('a script that PostgreSQL refuses', () => {
  const cases: readonly [string, string, Omit<Expected, 'code' | 'exitCode'>][] = [
    [
      'makes a table that exists already',
      'CREATE TABLE extra ();\nCREATE TABLE parent (id int);',
      {
        what: '002_second failed on alpha: relation "parent" already exists',
        why: `SQLSTATE 42P07 at ${file}.`,
        fix: 'pnpm db stamp REVISION --verify',
      },
    ],
    [
      'adds a column twice',
      'ALTER TABLE child ADD COLUMN note text;\nALTER TABLE parent ADD COLUMN name text;',
      {
        what: 'column "name" of relation "parent" already exists',
        why: `SQLSTATE 42701 at ${file}.`,
        fix: 'ADD COLUMN IF NOT EXISTS. Nothing of it is done.',
      },
    ],
    [
      'adds a foreign key that the data violate',
      'ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent (id);',
      {
        what: 'insert or update on table "child" violates foreign key constraint "child_parent_id_fkey"',
        why: `SQLSTATE 23503 at ${file}.\n       Key (parent_id)=(7) is not present in table "parent".`,
        fix: 'create or migrate the parent rows first',
      },
    ],
    [
      'sets NOT NULL where a value is missing',
      'ALTER TABLE child ADD COLUMN note text NOT NULL;',
      {
        what: 'column "note" of relation "child" contains null values',
        why: 'SQLSTATE 23502',
        fix: 'add it as nullable, fill it, then set NOT NULL.',
      },
    ],
    [
      'has a column of arrays without their element type',
      'CREATE TABLE tagged (id int, tags ARRAY);',
      {
        what: 'syntax error at or near "ARRAY"',
        why: `SQLSTATE 42601 at ${file}:1:35.`,
        fix: 'Write the element type out: text[]',
      },
    ],
    [
      'has an empty array without its element type',
      'CREATE TABLE tagged (id int);\nALTER TABLE tagged ADD COLUMN tags text[] DEFAULT ARRAY[];',
      {
        what: 'cannot determine type of empty array',
        why: `SQLSTATE 42P18 at ${file}.\n       Explicitly cast to the desired type`,
        fix: 'ARRAY[]::text[]',
      },
    ],
    [
      'names a type that does not exist',
      'CREATE TABLE t (id uuid DEFAULT uuid_generate_v4(), mood moood);',
      {
        what: 'type "moood" does not exist',
        why: `SQLSTATE 42704 at ${file}:1:58.`,
        fix: 'The type or object',
      },
    ],
    [
      'needs a right that the role lacks',
      'ALTER TABLE pg_catalog.pg_class ADD COLUMN note text;',
      {
        what: 'failed on alpha: must be owner of table pg_class',
        why: 'SQLSTATE 42501',
        fix: 'run migrations as the owner of the schema. Nothing of it is done.',
      },
    ],
  ]

  test.each(cases)('%s', async (_, script, expected) => {
    expectFailure(await failWith(script), { ...failed, ...expected })
  })

  test('is shown with the lines around the place, PostgreSQL’s words and its hint', async () => {
    const result = await failWith(
      'SELECT 1;\n\nALTER TABLE child\n  ADD CHECK (parent_ide > 0);\nSELECT 2;\nSELECT 3;\nSELECT 4;\n',
    )
    expectFailure(result, {
      ...failed,
      what: '002_second failed on alpha: column "parent_ide" does not exist',
      why: `SQLSTATE 42703 at ${file}.`,
      fix: 'Correct the script and run the command again. Nothing of it is done.',
    })
    const hinted = await failWith(
      'SELECT 1;\n\nSELECT id,\n  parent_ide\nFROM child;\nSELECT 3;\nSELECT 4;\n',
    )
    expectFailure(hinted, {
      ...failed,
      what: 'column "parent_ide" does not exist',
      why: `SQLSTATE 42703 at ${file}:4:3.\n       Perhaps you meant to reference the column "child.parent_id".`,
      fix: 'Correct the script',
    })
    expect(frameOf(hinted).split('\n')).toEqual([
      '  2 | ',
      '  3 | SELECT id,',
      '> 4 |   parent_ide',
      '    |   ^',
      '  5 | FROM child;',
      '  6 | SELECT 3;',
    ])
  })

  test.each([
    ['umlauts', "SELECT 'äöü ßÄ', oops;", '                 ^', 18],
    ['emoji', "SELECT '😀👍', oops;", '               ^', 14],
    ['tabs', "\tSELECT\t'\t', oops;", '\t      \t \t   ^', 14],
    ['all of them', "\tSELECT 'ü😀\t', oops;", '\t           \t   ^', 16],
  ])('has the caret under its character after %s', async (_, line, caret, column) => {
    const result = await failWith(`-- ü😀\t\n${line}\n`)
    expectFailure(result, {
      ...failed,
      what: 'column "oops" does not exist',
      why: `${file}:2:${column}.`,
      fix: 'Correct the script',
    })
    expect(frameOf(result).split('\n')).toEqual([
      '  1 | -- ü😀\t',
      `> 2 | ${line}`,
      `    | ${caret}`,
      '  3 | ',
    ])
  })

  test('has its place in a file with the line ends of Windows', async () => {
    const result = await failWith('-- one\r\nSELECT 1;\r\nSELECT oops;\r\nSELECT 2;\r\n')
    expect(result.stderr).toContain(`${file}:3:8.`)
    expect(frameOf(result)).toContain('> 3 | SELECT oops;\n    |        ^\n')
  })

  test('has its place where it runs statement by statement', async () => {
    const result = await failWith('-- transaction: none\n-- ü😀\nSELECT oops;\n')
    expect(result.stderr).toContain(`${file}:3:8.`)
    const grammar = await failWith('-- transaction: none\nCREATE TABLE early ();\nSELECT 1 +;\n')
    expectFailure(grammar, {
      ...failed,
      what: 'syntax error at or near ";"',
      why: `SQLSTATE 42601 at ${file}:3:11.`,
      fix: 'No statement of it is done',
    })
  })

  test('keeps the other database from going on, and is gone on from together', async () => {
    project = makeProject(tenant, {
      alpha: { '001_first': first, '002_second': 'SELECT oops;' },
      beta: { '001_later': '-- depends-on: alpha@002\nCREATE TABLE later ();' },
    })
    const result = await project.db(['migrate'])
    expect(result).toMatchObject({ exitCode: 5, stdout: '' })
    expect(result.stderr).toContain('❌ alpha: 001 (1 behind 002)\n❌ beta: base (1 behind 001)\n')
    project.revision('alpha', '002_second', 'SELECT 1;')
    expect(await project.db(['migrate'])).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 002 (head)\n✅ beta: 001 (head)\n',
    })
    expect(await appliedIn(project, 'beta')).toEqual(['001_later'])
  })

  test('is told as JSON with its place and what is applied', async () => {
    await failWith('SELECT 1;\nSELECT oops;')
    const { stdout, stderr, exitCode } = await project.db(['migrate', '--json'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 5 })
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'migration.failed',
        meta: {
          database: 'alpha',
          revision: '002_second',
          line: 2,
          column: 8,
          problem: { sqlstate: '42703' },
        },
      },
    })
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { database } from './database.ts'
import { connect, migratedDatabase } from './testing/migrated-database.ts'

interface Index {
  readonly name: string
  readonly table: string
  readonly method: string
  readonly unique: boolean
  readonly primary: boolean
  readonly plain: boolean
  readonly columns: readonly string[]
}

interface Column {
  readonly name: string
  readonly type: string
}

const indexesSql = `
  SELECT i.relname AS name, t.relname AS "table", am.amname AS method, x.indisunique AS unique, x.indisprimary AS primary,
    x.indpred IS NULL AND x.indexprs IS NULL AS plain,
    ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, false) FROM generate_series(1, x.indnkeyatts) n) AS columns
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_am am ON am.oid = i.relam
  WHERE t.relnamespace = 'public'::regnamespace ORDER BY i.relname`

/** Keys to other tables, in this database or another one, times, and every column with a fixed set of values. */
const columnsSql = `
  SELECT t.relname || '.' || a.attname AS name, CASE y.typtype WHEN 'e' THEN 'enum' ELSE y.typname END AS type
  FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid
  WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND (y.typtype = 'e' OR y.typname IN ('uuid', 'timestamptz', 'date'))
  ORDER BY 1`

describe(`the indexes of ${database.name}`, () => {
  let place: TestDatabase
  let indexes: readonly Index[]
  let columns: readonly Column[]

  beforeAll(async () => {
    place = await migratedDatabase()
    await using client = await connect(place.url)
    indexes = (await client.query<Index>(indexesSql)).rows
    columns = (await client.query<Column>(columnsSql)).rows
  })

  afterAll(() => place.drop())

  test('lead with every key, every time and every state', () => {
    const leading = new Set(indexes.map(({ table, columns: [first] }) => `${table}.${first}`))
    expect(columns.length).toBeGreaterThan(30)
    expect(columns.filter(({ name }) => !leading.has(name))).toEqual([])
  })

  test('are neither duplicates nor prefixes of one another', () => {
    const redundant = indexes.flatMap((index) =>
      indexes
        .filter((other) => other !== index && other.table === index.table && other.method === index.method)
        .filter((other) => index.columns.every((column, position) => other.columns[position] === column))
        .map((other) => `${index.name} is a prefix of ${other.name}`),
    )
    expect(redundant).toEqual([])
  })

  test('cover whole tables and plain columns, which is what Prisma can describe', () => {
    expect(indexes.filter(({ plain }) => !plain)).toEqual([])
  })

  test('bear the names of what they cover', () => {
    const named = indexes.map(({ name, table, unique, primary, columns: covered }) => ({
      name,
      expected: primary ? `pk_${table}` : `${unique ? 'uq' : 'ix'}_${table}_${covered.join('_')}`,
    }))
    expect(named.filter(({ name, expected }) => name !== expected)).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { database } from './database.ts'
import { readDocumentation } from './testing/documentation.ts'
import { connect, migratedDatabase } from './testing/migrated-database.ts'

interface Commented {
  readonly object: string
  readonly text: string | null
}

const commentsSql = `
  SELECT 'table ' || relname AS object, obj_description(oid, 'pg_class') AS text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL
  SELECT 'column ' || t.relname || '.' || a.attname, col_description(t.oid, a.attnum)
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'type ' || typname, obj_description(oid, 'pg_type')
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'`

/** uuid columns that no key of this database explains. */
const looseSql = `
  SELECT 'column ' || t.relname || '.' || a.attname AS object
  FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
  WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND a.atttypid = 'uuid'::regtype
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype IN ('p', 'f') AND a.attnum = ANY (c.conkey))
  ORDER BY 1`

const byObject = (a: { object: string }, b: { object: string }) => (a.object < b.object ? -1 : 1)

describe(`the comments of ${database.name}`, () => {
  const documentation = readDocumentation()
  let place: TestDatabase
  let comments: readonly Commented[]
  let loose: readonly string[]

  beforeAll(async () => {
    place = await migratedDatabase()
    await using client = await connect(place.url)
    comments = (await client.query<Commented>(commentsSql)).rows
    loose = (await client.query<{ object: string }>(looseSql)).rows.map((row) => row.object)
  })

  afterAll(() => place.drop())

  test('stand on every table, column and type, and read as in the Prisma schema', () => {
    const documented = documentation.map(({ object, text }) => ({ object, text }))
    expect([...comments].sort(byObject)).toEqual(documented.sort(byObject))
    expect(comments.filter(({ text }) => !text)).toEqual([])
  })

  test('name a reference to the other database in one phrase, with a referential action', () => {
    const referencing = documentation.filter(
      ({ reference }) => reference !== undefined && reference !== 'none',
    )
    const phrased = documentation.filter(({ text }) => text.includes('no FK - cross-database'))
    expect(phrased).toEqual(referencing)
    for (const { text, reference } of referencing) {
      const [target = '', action] = reference?.split(', ') ?? []
      const [owner, table, column] = target.split('.')
      expect(owner).not.toBe(database.name)
      expect(text).toBe(`Reference to ${table}.${column} in ${owner} (no FK - cross-database)`)
      expect(action).toMatch(/^onDelete: (Cascade|SetNull|Restrict|Keep)$/)
    }
  })

  test('are annotated wherever a uuid has no key', () => {
    const annotated = documentation.filter(({ reference }) => reference !== undefined)
    expect(annotated.map(({ object }) => object).sort()).toEqual([...loose].sort())
  })
})

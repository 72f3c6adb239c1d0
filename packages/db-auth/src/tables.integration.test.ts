import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { database } from './database.ts'
import { connect, migratedDatabase } from './testing/migrated-database.ts'

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly default: string | null
}

const columnsSql = `
  SELECT t.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS default
  FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
  WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' ORDER BY 1, a.attnum`

const triggersSql = `
  SELECT tgrelid::regclass::text AS "table", tgenabled = 'O' AS enabled, pg_get_triggerdef(oid, true) AS sql
  FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`

interface Trigger {
  readonly table: string
  readonly enabled: boolean
  readonly sql: string
}

describe(`the tables of ${database.name}`, () => {
  let place: TestDatabase
  let columns: readonly Column[]
  let triggers: readonly Trigger[]

  beforeAll(async () => {
    place = await migratedDatabase()
    await using client = await connect(place.url)
    columns = (await client.query<Column>(columnsSql)).rows
    triggers = (await client.query<Trigger>(triggersSql)).rows
  })

  afterAll(() => place.drop())

  const tables = () => [...new Set(columns.map(({ table }) => table))]
  const only = (name: string) => columns.filter((column) => column.name === name)

  test('have keys that the server makes', () => {
    expect(only('id')).toEqual(
      tables().map((table) => ({
        table,
        name: 'id',
        type: 'uuid',
        required: true,
        default: 'gen_random_uuid()',
      })),
    )
  })

  test.each(['created_at', 'updated_at'])('have %s, set by the server', (name) => {
    expect(only(name)).toEqual(
      tables().map((table) => ({
        table,
        name,
        type: 'timestamp(6) with time zone',
        required: true,
        default: 'transaction_timestamp()',
      })),
    )
  })

  test('have a trigger that keeps updated_at', () => {
    const sql = (table: string) =>
      `CREATE TRIGGER set_updated_at BEFORE UPDATE ON ${table} FOR EACH ROW ` +
      'WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION set_updated_at()'
    expect(triggers).toEqual(tables().map((table) => ({ table, enabled: true, sql: sql(table) })))
  })

  test('default JSON to an empty object or list', () => {
    const json = columns.filter(({ type }) => type === 'jsonb')
    expect(json.length).toBeGreaterThan(0)
    for (const column of json) {
      expect(column).toEqual({
        ...column,
        required: true,
        default: expect.stringMatching(/^'(\{\}|\[\])'::jsonb$/),
      })
    }
  })

  test('know no time without a zone, no amount that rounds, no state as free text', () => {
    const amount = /(amount|cost|price)$/
    const state = /(^|_)(status|phase|role|mode|severity)$/
    expect(columns.filter(({ type }) => type.includes('without time zone') || type === 'money')).toEqual([])
    expect(columns.filter(({ name, type }) => amount.test(name) && /real|double/.test(type))).toEqual([])
    expect(columns.filter(({ name, type }) => state.test(name) && /char|text/.test(type))).toEqual([])
  })

  test('store no token and no key, only a hash of it', () => {
    const secret = /^(?!hashed_)\w*_?(token|api_key|secret|password)$/
    expect(columns.filter(({ name }) => secret.test(name))).toEqual([])
    for (const column of columns.filter(({ name }) => /_hash$/.test(name))) {
      expect([column.table, column.type]).toEqual([column.table, 'character(64)'])
    }
  })
})

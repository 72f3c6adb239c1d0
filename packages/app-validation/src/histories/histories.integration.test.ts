import { expect, test } from '@jest/globals'
import { makePlayground, scriptsOf } from '../testing/database.ts'

const objects = `
  SELECT d.classid::regclass || ' ' || pg_describe_object(d.classid, d.objid, d.objsubid) AS object
    FROM pg_depend d WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'integrity'::regnamespace
   UNION ALL SELECT 'default privileges ' || defaclacl::text FROM pg_default_acl ORDER BY 1`

test.each(['referenced', 'referencing'] as const)(
  'the %s side comes and goes without a trace',
  async (side) => {
    await using playground = await makePlayground()
    const { client } = playground
    await client.query('CREATE SCHEMA integrity')
    for (const script of await scriptsOf(side)) await client.query(script)
    const there = await client.query(objects)
    expect(there.rows.length).toBeGreaterThan(5)
    for (const script of await scriptsOf(side, 'down.sql')) await client.query(script)
    const left = await client.query(objects)
    expect(left.rows).toEqual([])
  },
)

test('both sides fit into one database', async () => {
  await using playground = await makePlayground()
  await playground.client.query('CREATE SCHEMA integrity')
  for (const side of ['referenced', 'referencing'] as const) {
    for (const script of await scriptsOf(side)) await playground.client.query(script)
  }
  const { rows } = await playground.client.query(`SELECT proname FROM pg_proc
    WHERE pronamespace = 'integrity'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')`)
  expect(rows).toEqual([])
})

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { addColumn, byCursor, users } from './support/backfill.ts'
import { type Fleet, makeFleet } from './support/fleet.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let fleet: Fleet

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => fleet.dispose())

const hits = async (member: string) =>
  (await fleet.ask(member, 'SELECT count(*)::int AS n FROM users WHERE hits = 1'))[0]?.n

test('the members of a list have data migrations each, and one that fails leaves the others alone', async () => {
  fleet = makeFleet(tenant, ['ada', 'bob', 'cy'], { '001_users': users })
  expect(await fleet.db(['migrate'])).toMatchObject({ exitCode: 0 })
  for (const member of fleet.members) {
    await fleet.ask(member, "INSERT INTO users SELECT i, 'name' FROM generate_series(1, 50) i")
  }
  fleet.revision('tenants', '002_new_field', addColumn)
  fleet.write('tenants/prisma/migrations/002_new_field/data.sql', byCursor)
  expect(await fleet.db(['migrate'])).toMatchObject({ exitCode: 0 })
  await fleet.ask('bob', 'ALTER TABLE users ADD CONSTRAINT no_hits CHECK (hits = 0)')

  const failed = await fleet.db(['data', 'run', 'tenants@002'])
  expect(failed).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('1 of 3 databases failed'),
  })
  expect(failed.stderr).toContain('[data.failed]')
  expect([await hits('ada'), await hits('bob'), await hits('cy')]).toEqual([50, 0, 50])
  const { exitCode, stdout } = await fleet.db(['data', 'status', '--json'])
  expect({ exitCode, result: JSON.parse(stdout) }).toMatchObject({
    exitCode: 4,
    result: {
      databases: [
        { database: 'tenants/ada', data: [{ state: 'complete' }] },
        { database: 'tenants/bob', data: [{ state: 'failed' }] },
        { database: 'tenants/cy', data: [{ state: 'complete' }] },
      ],
    },
  })

  await fleet.ask('bob', 'ALTER TABLE users DROP CONSTRAINT no_hits')
  fleet.revision('tenants', '003_required', 'SELECT 1;')
  fleet.write('tenants/prisma/migrations/003_required/options.json', '{ "requiresData": ["002"] }')
  const { stderr } = await fleet.db(['migrate', '--canary', '0'])
  expect(stderr).toContain(
    "003_required of tenants/bob needs the data migration of 002, which isn't complete",
  )
  expect(await fleet.db(['migrate', '--with-data'])).toMatchObject({
    exitCode: 0,
    stdout: '✅ tenants: 003 (head), 3 of 3\n',
  })
  expect(await hits('bob')).toBe(50)
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Fleet, makeFleet } from './support/fleet.ts'
import { type Gauge, makeGauge } from './support/gauge.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let fleet: Fleet
let gauge: Gauge

const members = ['ada', 'bob', 'cyd']

beforeAll(async () => {
  tenant = await makeTenant()
  fleet = makeFleet(tenant, members, {
    '001_users': 'CREATE TABLE users (id int PRIMARY KEY);',
    '002_notes': 'CREATE TABLE notes (id int PRIMARY KEY);',
  })
  fleet.write('tenants/prisma/migrations/001_users/down.sql', 'DROP TABLE users;')
  fleet.write('tenants/prisma/migrations/002_notes/down.sql', 'DROP TABLE notes;')
  fleet.write(
    'tenants/prisma/schema.prisma',
    `datasource db {
  provider = "postgresql"
}

model users {
  id Int @id
}

model notes {
  id Int @id
}
`,
  )
  for (const member of members) await tenant.createDatabase(fleet.memberDatabase(member))
  gauge = await makeGauge(members.map(fleet.memberUrl))
})
afterAll(async () => {
  await gauge.close()
  fleet.dispose()
  await tenant.dispose()
})

describe('--jobs is how many databases of a list are worked on at once', () => {
  beforeAll(() => fleet.list(members.map((member, index) => `${member}=${gauge.urls[index]}`)))

  // Each begins where the one before has left the databases.
  test.each([
    ['wait', '--jobs', '2'],
    ['migrate', '--jobs', '2', '--canary', '0'],
    ['status', '--jobs', '2'],
    ['current', '--jobs', '2'],
    ['verify', '--jobs', '2', '--skip', 'down-missing'],
    ['check', '--jobs', '2'],
    ['drift', '--jobs', '2'],
    ['preflight', '--jobs', '2', '--no-backup'],
    ['inspect', '--jobs', '2'],
    ['data', '--jobs', '2'],
    ['backup', '--jobs', '2', '--archive'],
    ['stamp', 'head', '--jobs', '2'],
    ['downgrade', '-1', '--yes', '--jobs', '2', '--canary', '0'],
    ['upgrade', '--jobs', '2', '--canary', '0'],
    ['reset', '--yes', '--jobs', '2'],
  ])('%s', async (...args) => {
    gauge.read()
    const { stdout, stderr, exitCode } = await fleet.db(args)
    expect({ stdout, stderr, exitCode }).toEqual({ stdout, stderr, exitCode: 0 })
    expect(gauge.read()).toBe(2)
  })
})

describe('what fails in one database of a list', () => {
  beforeAll(() => fleet.list(members))

  const counts = async (args: readonly string[]) => JSON.parse((await fleet.db(args)).stdout).counts
  const [canary, limit] = [
    { changed: 0, failed: 1, notBegun: 2 },
    { changed: 0, failed: 1, notBegun: 2 },
  ]

  test('keeps a downgrade from the others by --canary and --max-failures', async () => {
    await fleet.ask('cyd', 'CREATE VIEW seen AS SELECT * FROM notes')
    expect(await counts(['downgrade', '-1', '--yes', '--json', '--canary', 'cyd'])).toMatchObject(canary)
    await fleet.ask('cyd', 'DROP VIEW seen')
    await fleet.ask('ada', 'CREATE VIEW seen AS SELECT * FROM notes')
    const one = ['downgrade', '-1', '--yes', '--json', '--canary', '0', '--jobs', '1', '--max-failures', '1']
    expect(await counts(one)).toMatchObject(limit)
    await fleet.ask('ada', 'DROP VIEW seen')
  })

  test('keeps an upgrade from the others, too', async () => {
    await fleet.db(['downgrade', '-1', '--yes', '--canary', '0'])
    await fleet.ask('cyd', 'CREATE TABLE notes (other int)')
    expect(await counts(['upgrade', '--json', '--canary', 'cyd'])).toMatchObject(canary)
    await fleet.ask('cyd', 'DROP TABLE notes')
    await fleet.ask('ada', 'CREATE TABLE notes (other int)')
    const one = ['upgrade', '--json', '--canary', '0', '--jobs', '1', '--max-failures', '1']
    expect(await counts(one)).toMatchObject(limit)
  })
})

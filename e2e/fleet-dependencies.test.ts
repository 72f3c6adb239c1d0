import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type Fleet, makeFleet } from './support/fleet.ts'
import { makeTenant, query, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let fleet: Fleet

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => fleet.dispose())

const withDown = (path: string, table: string) => fleet.write(`${path}/down.sql`, `DROP TABLE ${table};`)

describe('a list that depends on a single database', () => {
  const make = () => {
    fleet = makeFleet(
      tenant,
      ['ada', 'bob'],
      { '002_b': '-- depends-on: control@001\nCREATE TABLE b ();' },
      { control: { '001_a': 'CREATE TABLE a ();' } },
    )
    withDown('control/prisma/migrations/001_a', 'a')
    withDown('tenants/prisma/migrations/002_b', 'b')
  }
  const both = '✅ control: 001 (head)\n✅ tenants: 002 (head), 2 of 2\n'

  test('comes after it on the way up, and before it on the way down', async () => {
    make()
    expect((await fleet.db(['upgrade', '--plan'])).stdout).toMatch(/control 001_a[\s\S]*tenants\/ada 002_b/)
    expect((await fleet.db(['migrate'])).stdout).toBe(both)
    expect((await fleet.db(['downgrade', 'base', '--yes'])).stdout).toBe(
      '❌ control: base (1 behind 001)\n❌ tenants: base (1 behind 002), 2 of 2\n',
    )
  })

  test('is refused without it', async () => {
    make()
    const { stderr, exitCode } = await fleet.db(['migrate', '--only', 'tenants/ada'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      "002_b of tenants/ada needs control@001, which isn't applied. [plan.dependency-unmet]",
    )
    await fleet.db(['migrate', '--only', 'control'])
    expect((await fleet.db(['migrate', '--only', 'tenants'])).stdout).toBe('✅ tenants: 002 (head), 2 of 2\n')
  })

  test('keeps it from being undone as long as a member needs it', async () => {
    make()
    await fleet.db(['migrate'])
    await fleet.db(['downgrade', 't/ada@base', '--yes'])
    const { stderr, exitCode } = await fleet.db(['downgrade', 'control@base', '--yes', '--cascade'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      "001_a of control can't be undone: tenants/bob@002 needs it. [plan.dependent-applied]",
    )
  })

  test('is not begun when it fails', async () => {
    make()
    fleet.write('control/prisma/migrations/001_a/migration.sql', 'SELECT 1/0;')
    const { stderr, exitCode } = await fleet.db(['migrate'])
    expect(exitCode).toBe(5)
    expect(stderr).toContain('1 of 3 databases failed, and 2 were not begun.')
    expect(stderr).toContain('division by zero')
  })
})

test('a single database can’t depend on a list', async () => {
  fleet = makeFleet(
    tenant,
    ['ada'],
    { '001_a': '' },
    { control: { '002_b': '-- depends-on: tenants@001\n' } },
  )
  for (const command of ['migrate', 'upgrade']) {
    const { stderr, exitCode } = await fleet.db([command])
    expect({ command, exitCode }).toEqual({ command, exitCode: 2 })
    expect(stderr).toContain('002_b of control depends on tenants, which is a list of databases.')
  }
  const verified = await fleet.db(['verify', '--offline', '--skip', 'down-missing'])
  expect(verified.exitCode).toBe(4)
  expect(verified.stdout).toContain('✖ control  dependency-on-list')
})

describe('a list that depends on another list', () => {
  const make = () => {
    fleet = makeFleet(tenant, ['ada', 'bob'], { '001_a': 'CREATE TABLE a ();' })
    fleet.write(
      'databases.config.ts',
      `import { defineDatabases, fromFile } from '@manybase/migrator/config'
export default defineDatabases({ databases: {
  tenants: { directory: 'tenants', urls: fromFile('tenants.txt') },
  bills: { directory: 'bills', urls: fromFile('bills.txt') },
} })`,
    )
    fleet.revision('bills', '002_b', '-- depends-on: tenants@001\nCREATE TABLE b ();')
    withDown('tenants/prisma/migrations/001_a', 'a')
    withDown('bills/prisma/migrations/002_b', 'b')
    const entries = ['ada', 'bob'].map((member) => `${member}=${fleet.memberUrl(member)}?schema=bills`)
    fleet.write('bills.txt', entries.join('\n'))
  }
  const tablesOf = async (member: string) =>
    (
      await query(
        fleet.memberUrl(member),
        "SELECT tablename FROM pg_tables WHERE tablename IN ('a', 'b') ORDER BY 1",
      )
    ).map(({ tablename }) => tablename)

  test('needs the member of the same name, which comes along', async () => {
    make()
    expect((await fleet.db(['migrate', '--only', 'bills/ada,tenants/ada'])).stdout).toBe(
      '✅ tenants/ada: 001 (head)\n✅ bills/ada: 002 (head)\n',
    )
    expect(await tablesOf('ada')).toEqual(['a', 'b'])
    expect((await fleet.db(['migrate'])).stdout).toBe(
      '✅ tenants: 001 (head), 2 of 2\n✅ bills: 002 (head), 2 of 2\n',
    )
    expect(await tablesOf('bob')).toEqual(['a', 'b'])
  })

  test('is refused where that one is left out, and keeps it from being undone', async () => {
    make()
    expect((await fleet.db(['migrate', '--only', 'bills/ada'])).stderr).toContain(
      "002_b of bills/ada needs tenants/ada@001, which isn't applied.",
    )
    await fleet.db(['migrate'])
    expect(
      (await fleet.db(['downgrade', 'tenants/ada@base', '--only', 'tenants', '--yes'])).stderr,
    ).toContain("001_a of tenants/ada can't be undone: bills/ada@002 needs it.")
    expect((await fleet.db(['downgrade', 'tenants/ada@base', '--yes', '--cascade'])).stdout).toContain(
      '❌ tenants/ada: base (1 behind 001)',
    )
    expect(await tablesOf('ada')).toEqual([])
    expect(await tablesOf('bob')).toEqual(['a', 'b'])
  })

  test('has no one to depend on where the other list lacks the name', async () => {
    make()
    fleet.list(['ada'])
    const { stderr, exitCode } = await fleet.db(['migrate'])
    expect(exitCode).toBe(5)
    expect(stderr).toContain("bills/bob: 002_b of bills/bob needs tenants/bob@001, which isn't applied.")
  })
})

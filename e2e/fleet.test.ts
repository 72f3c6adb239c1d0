import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { blocksOf } from './docs/blocks.ts'
import { readText } from './docs/pages.ts'
import { shapeOf } from './docs/shape.ts'
import { type Fleet, makeFleet } from './support/fleet.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

const scripts = {
  '001_users': 'CREATE TABLE users (id int);',
  '002_notes': 'CREATE TABLE notes (id int);',
}

let tenant: Tenant
let fleet: Fleet

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => fleet.dispose())

const makeFive = () => {
  fleet = makeFleet(tenant, ['ada', 'bob', 'cyd', 'dan', 'eve'], scripts)
  for (const [name, table] of [
    ['001_users', 'users'],
    ['002_notes', 'notes'],
  ]) {
    fleet.write(`tenants/prisma/migrations/${name}/down.sql`, `DROP TABLE ${table};`)
  }
}
const shapes = (report: object) =>
  Object.fromEntries(Object.entries(report).map(([key, value]) => [key, shapeOf(value)]))
const json = async (...args: readonly string[]) => JSON.parse((await fleet.db([...args, '--json'])).stdout)

describe('a list of databases', () => {
  test('is brought to head, each member by itself and the first one first', async () => {
    makeFive()
    const { stdout, stderr, exitCode } = await fleet.db(['migrate'])
    expect({ stdout, exitCode }).toEqual({ stdout: '✅ tenants: 002 (head), 5 of 5\n', exitCode: 0 })
    const ended = [...stderr.matchAll(/ {2}(tenants\/\w+): 2 steps \((\d of 5)\)/g)].map(
      ([, ...found]) => found,
    )
    expect(ended[0]).toEqual(['tenants/ada', '1 of 5'])
    expect(ended.map(([name]) => name).sort()).toEqual(fleet.members.map((member) => `tenants/${member}`))
    for (const member of fleet.members) expect(await fleet.applied(member)).toEqual(Object.keys(scripts))
    expect(await fleet.db(['migrate'])).toEqual({
      stdout: '✅ tenants: 002 (head), 5 of 5\n',
      stderr: 'Nothing to do.\n',
      exitCode: 0,
    })
  })

  test('is told of as JSON in full, with counts', async () => {
    makeFive()
    await fleet.db(['migrate', '--only', 't/bob'])
    const report = await json('migrate')
    expect(report.counts).toEqual({ databases: 5, changed: 4, unchanged: 1, failed: 0, notBegun: 0 })
    expect(
      report.databases.map(({ database, outcome }: Record<string, string>) => [database, outcome]),
    ).toEqual([
      ['tenants/ada', 'changed'],
      ['tenants/bob', 'unchanged'],
      ['tenants/cyd', 'changed'],
      ['tenants/dan', 'changed'],
      ['tenants/eve', 'changed'],
    ])
    expect(report.databases[0]).toMatchObject({ atHead: true, current: ['002'], pending: [] })
    expect(report.steps).toHaveLength(8)
    expect(report.steps[0]).toMatchObject({ database: 'tenants/ada', revision: '001_users', outcome: 'done' })
  })

  test('has the keys and types in its JSON that formats.md shows', async () => {
    makeFive()
    const refused = new URL(fleet.memberUrl('bob'))
    refused.port = '1'
    fleet.list(['ada', `bob=${refused.href}`])
    const [sample] = blocksOf(readText('docs/reference/formats.md')).filter(({ settings }) =>
      settings.has('list'),
    )
    const shown: { databases: readonly unknown[] } = JSON.parse(sample?.text ?? '')
    const report: { databases: readonly unknown[] } = await json('migrate')
    expect({ ...shapes(report), databases: report.databases.map(shapeOf) }).toEqual({
      ...shapes(shown),
      databases: shown.databases.map(shapeOf),
    })
  })

  test('has members by name, and by a pattern', async () => {
    makeFive()
    expect((await fleet.db(['migrate', '--only', 'tenants/ada'])).stdout).toBe('✅ tenants/ada: 002 (head)\n')
    expect((await fleet.db(['migrate', '--only', 'tenants/*d*,t/eve'])).stdout).toBe(
      '✅ tenants: 002 (head), 4 of 4\n',
    )
    expect((await fleet.db(['status'])).stdout).toBe(
      [
        '❌ tenants: 4 of 5 at 002 (head)',
        '❌ tenants/bob: base (2 behind 002)',
        '   pending  001_users',
        '   pending  002_notes',
        '',
      ].join('\n'),
    )
    const { stderr, exitCode } = await fleet.db(['status', '--only', 'tenants/zoe'])
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining(
        'There is no database "tenants/zoe" in the catalog. [database.unknown]',
      ),
      exitCode: 2,
    })
  })

  test('takes revisions, steps and ranges by the name of the list or of a member', async () => {
    makeFive()
    expect((await fleet.db(['upgrade', '+1', '--create'])).stdout).toBe(
      '❌ tenants: 001 (1 behind 002), 5 of 5\n',
    )
    expect((await fleet.db(['upgrade', 't/cyd@+1'])).stdout).toBe('✅ tenants/cyd: 002 (head)\n')
    expect((await fleet.db(['current'])).stdout).toBe(
      '001 (tenants/ada) and 3 more of tenants\n002 (tenants/cyd) (head)\n',
    )
    expect((await fleet.db(['upgrade', '002'])).stdout).toBe('✅ tenants: 002 (head), 5 of 5\n')
    expect((await fleet.db(['downgrade', 'tenants@-1', '--yes'])).stdout).toBe(
      '❌ tenants: 001 (1 behind 002), 5 of 5\n',
    )
    expect((await fleet.db(['downgrade', 'tenants/eve@base', '--yes'])).stdout).toBe(
      '❌ tenants/eve: base (2 behind 002)\n',
    )
    const { stderr, exitCode } = await fleet.db(['upgrade', '007'])
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining('There is no revision "007" in tenants. [plan.unknown-revision]'),
      exitCode: 2,
    })
  })

  test('names once what all of them lose, and asks once', async () => {
    makeFive()
    await fleet.db(['migrate'])
    for (const member of ['ada', 'bob']) await fleet.ask(member, 'INSERT INTO notes VALUES (1), (2)')
    const { stderr, exitCode } = await fleet.db(['downgrade', '001'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      'Undo tenants@002 in 5 databases, and lose table notes of 5 databases of tenants (4 rows)?',
    )
    expect(await fleet.applied('eve')).toEqual(Object.keys(scripts))
  })

  test('is planned without being touched, members that go the same way once', async () => {
    makeFive()
    await fleet.db(['upgrade', 'tenants/ada@001', '--create'])
    await fleet.db(['migrate', '--only', 't/bob'])
    const { stdout, exitCode } = await fleet.db(['upgrade', '--plan'])
    expect(exitCode).toBe(0)
    expect(stdout.match(/^-- (?:upgrade|The same for) .*$/gm)).toEqual([
      '-- upgrade tenants/ada 002_notes',
      '-- upgrade tenants/cyd 001_users',
      '-- upgrade tenants/cyd 002_notes',
      '-- The same for tenants/dan, tenants/eve',
    ])
    expect((await json('upgrade', '--plan')).steps).toHaveLength(7)
    expect(
      await tenant.asAdmin(`SELECT FROM pg_database WHERE datname = '${fleet.memberDatabase('cyd')}'`),
    ).toEqual([])
  })

  test('is saved before it is changed, each member by itself, and can be brought back', async () => {
    makeFive()
    fleet.list(['ada', 'bob'])
    await fleet.db(['upgrade', '001', '--create'])
    await fleet.ask('bob', 'INSERT INTO users VALUES (7)')
    expect((await fleet.db(['upgrade', '--backup'])).stdout).toBe('✅ tenants: 002 (head), 2 of 2\n')
    const saved = JSON.parse((await fleet.db(['backup', 'list', '--json'])).stdout)
    const found: readonly {
      readonly directory: string
      readonly databases: readonly { database: string }[]
    }[] = saved.backups
    expect(found.map(({ databases }) => databases.map(({ database }) => database)).sort()).toEqual([
      ['tenants/ada'],
      ['tenants/bob'],
    ])
    const bob = found.find(({ databases }) => databases[0]?.database === 'tenants/bob')
    await fleet.ask('bob', 'DELETE FROM users')
    const restored = await fleet.db(['restore', bob?.directory ?? '', '--yes'])
    expect(restored).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('tenants/bob') })
    expect(await fleet.ask('bob', 'SELECT id FROM users')).toEqual([{ id: 7 }])
    expect(await fleet.applied('bob')).toEqual(['001_users'])
  })

  test('is saved into one directory, of which one member can be brought back', async () => {
    makeFive()
    expect((await fleet.db(['migrate'])).exitCode).toBe(0)
    await fleet.ask('bob', 'INSERT INTO users VALUES (7)')
    const { stdout } = await fleet.db(['backup', '--archive', '--jobs', '2', '--json'])
    const { directory, databases }: { directory: string; databases: { database: string; rows: number }[] } =
      JSON.parse(stdout)
    expect(databases.map(({ database }) => database)).toEqual(fleet.members.map((name) => `tenants/${name}`))
    await Promise.all(['ada', 'bob'].map((member) => fleet.ask(member, 'DELETE FROM users')))
    const restored = await fleet.db(['restore', directory, '--only', 'tenants/bob', '--yes'])
    expect(restored).toMatchObject({ exitCode: 0 })
    expect(await fleet.ask('bob', 'SELECT id FROM users')).toEqual([{ id: 7 }])
    expect(await fleet.ask('ada', 'SELECT id FROM users')).toEqual([])
  })

  test('never takes more connections than --jobs', async () => {
    const members = Array.from({ length: 12 }, (_, index) => `m${index}`)
    fleet = makeFleet(tenant, members, {
      '001_seen': `CREATE TABLE seen AS SELECT count(*) AS connections FROM pg_stat_activity
  WHERE usename = current_user AND application_name = 'manybase migrator';
SELECT pg_sleep(0.7);`,
    })
    expect((await fleet.db(['migrate', '--jobs', '3'])).exitCode).toBe(0)
    const seen = await Promise.all(members.map((member) => fleet.ask(member, 'SELECT connections FROM seen')))
    const counts = seen.flat().map(({ connections }) => Number(connections))
    expect(Math.max(...counts)).toBe(3)
  })
})

describe('commands that write', () => {
  const revisions = () =>
    readdirSync(join(fleet.directory, 'tenants/prisma/migrations'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()

  test('take the list as the one history that it is, and ask one member', async () => {
    makeFive()
    await fleet.db(['migrate'])
    expect(await fleet.db(['create', 'third', '--empty'])).toMatchObject({ exitCode: 0 })
    expect(revisions()).toEqual(['001_users', '002_notes', '003_third'])
    expect((await fleet.db(['migrate', '--only', 't/cyd'])).stdout).toBe('✅ tenants/cyd: 003 (head)\n')
    const behind = await fleet.db(['create', 'fourth', '--empty'])
    expect(behind.stderr).toContain('[create.not-at-head]')
    const ahead = await fleet.db(['create', 'fourth', '--empty', '--only', 'tenants/cyd'])
    expect({ exitCode: ahead.exitCode, revisions: revisions().at(-1) }).toEqual({
      exitCode: 0,
      revisions: '004_fourth',
    })
  })

  test('squash it, mend the ledger of that member, and stamp the others', async () => {
    makeFive()
    await fleet.db(['migrate'])
    const { stderr, exitCode } = await fleet.db(['squash', '001:002', '-m', 'both', '--yes'])
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining('Every other database that has them must be told'),
      exitCode: 0,
    })
    expect(revisions()).toEqual(['002_both'])
    expect(await fleet.applied('ada')).toEqual(['002_both'])
    expect((await fleet.db(['stamp', 'tenants@002', '--purge'])).exitCode).toBe(0)
    for (const member of fleet.members) expect(await fleet.applied(member)).toEqual(['002_both'])
    expect((await fleet.db(['status'])).stdout).toBe('✅ tenants: 5 of 5 at 002 (head)\n')
  })
})

describe('commands that look', () => {
  test('tell of members by name, and of what is the same in all of them once', async () => {
    makeFive()
    await fleet.db(['migrate'])
    expect((await fleet.db(['status'])).stdout).toBe('✅ tenants: 5 of 5 at 002 (head)\n')
    expect((await json('status')).databases).toHaveLength(5)
    expect((await fleet.db(['heads'])).stdout).toBe('002 (head)\n')
    expect((await fleet.db(['history', '-i'])).stdout).toContain('001 -> 002 (head) (current), notes')
    expect((await fleet.db(['verify'])).stdout).toBe(
      '✅ tenants: 2 revisions, nothing found\nLedgers of lists: 5, nothing found in 5\n',
    )
    expect((await fleet.db(['migrate', '--check-status'])).exitCode).toBe(0)
    expect((await fleet.db(['show', '001'])).stdout).toContain('Ledger: applied')
    expect((await fleet.db(['inspect', 'users', '--only', 't/dan'])).stdout).toContain('tenants/dan: users')
    const waited = await json('wait')
    expect(waited.databases).toHaveLength(5)
  })

  test('print no password, apart from the one that is for that', async () => {
    makeFive()
    const { stdout } = await fleet.db(['config'])
    expect(stdout).toMatch(/^tenants\/ada {2}postgresql:\/\/\w+:\*\*\*@.* public {2}tenants\.txt /m)
    const urls = await fleet.db(['url'], { mayShowPasswords: true })
    expect(urls.stdout).toContain(`DATABASE_URL_TENANTS_ADA=${fleet.memberUrl('ada')}\n`)
    const one = await fleet.db(['url', '--only', 'tenants/eve'], { mayShowPasswords: true })
    expect(one.stdout).toBe(`${fleet.memberUrl('eve')}\n`)
  })

  test('find drift in one member, and stamp the others', async () => {
    makeFive()
    await fleet.db(['migrate', '--only', 't/ada,t/bob'])
    await fleet.ask('bob', 'ALTER TABLE notes ADD COLUMN extra text')
    fleet.list(['ada', 'bob'])
    const { stdout, exitCode } = await fleet.db(['drift'])
    expect(exitCode).toBe(4)
    expect(stdout).toMatch(/^✅ tenants\/ada: as its history makes it/m)
    expect(stdout).toMatch(/^❌ tenants\/bob: 1 differences/m)
    expect((await fleet.db(['stamp', '001'])).stdout).toBe(
      'tenants/ada: 001\n  - 002_notes\ntenants/bob: 001\n  - 002_notes\n',
    )
    const verified = await fleet.db(['stamp', 'head', '--verify'])
    expect({ exitCode: verified.exitCode, stderr: verified.stderr }).toEqual({
      exitCode: 4,
      stderr: 'Nothing was stamped.\n',
    })
    expect(await fleet.applied('ada')).toEqual(['001_users'])
  })

  test('the official CLI agrees with a member, the first or the one that DB_MEMBER names', async () => {
    makeFive()
    await fleet.db(['migrate', '--only', 't/bob'])
    const bob = await fleet.prisma('tenants', ['migrate', 'status'], { env: { DB_MEMBER: 'bob' } })
    expect(bob.stdout).toContain('Database schema is up to date!')
    await tenant.createDatabase(fleet.memberDatabase('ada'))
    expect((await fleet.prisma('tenants', ['migrate', 'status'])).stdout).toContain(
      'have not yet been applied',
    )
  })
})

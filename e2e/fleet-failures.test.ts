import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { expectFailure } from './support/failure.ts'
import { type Fleet, makeFleet } from './support/fleet.ts'
import { remember } from './support/secrets.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

/** Each script leaves a row for each time that it is run. */
const recorded = (revision: string) =>
  `CREATE TABLE IF NOT EXISTS runs (revision text);\nINSERT INTO runs VALUES ('${revision}');\n`
const scripts = { '001_a': recorded('001'), '002_b': recorded('002') }

let tenant: Tenant
let fleet: Fleet

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => fleet.dispose())

const make = (...members: readonly string[]) => {
  fleet = makeFleet(tenant, members, scripts)
}

/** At head, and every script was run exactly once. */
async function expectOnce(members: readonly string[]): Promise<void> {
  for (const member of members) {
    expect(await fleet.applied(member)).toEqual(Object.keys(scripts))
    expect(await fleet.ask(member, 'SELECT revision FROM runs ORDER BY 1')).toEqual([
      { revision: '001' },
      { revision: '002' },
    ])
  }
}

function unreachable(member: string): string {
  const url = new URL(fleet.memberUrl(member))
  url.port = '1'
  return `${member}=${url.href}`
}

function wrongPassword(member: string): string {
  const url = new URL(fleet.memberUrl(member))
  url.password = remember('not the password')
  return `${member}=${url.href}`
}

/** Something is in the way of the first script. */
async function spoil(member: string): Promise<void> {
  await tenant.createDatabase(fleet.memberDatabase(member))
  await fleet.ask(member, 'CREATE TABLE runs (other date)')
}

describe('members that fail', () => {
  test('keep the others from nothing, and are spelled out', async () => {
    make('ada', 'bob', 'cyd', 'dan', 'eve')
    await spoil('bob')
    fleet.list(['ada', 'bob', unreachable('cyd'), wrongPassword('dan'), 'eve'])
    const { stdout, stderr, exitCode } = await fleet.db(['migrate'])
    expect({ stdout, exitCode }).toEqual({
      stdout: [
        '✅ tenants: 002 (head), 2 of 5',
        '❌ tenants: base (2 behind 002), 1 of 5: tenants/bob',
        '',
      ].join('\n'),
      exitCode: 5,
    })
    expect(stderr).toContain('✖ 3 of 5 databases failed. [rollout.failed]')
    expect(stderr).toMatch(/tenants\/bob: 001_a failed .*\[migration\.failed\]$/m)
    expect(stderr).toMatch(
      /tenants\/cyd: No PostgreSQL answers for tenants\/cyd at \S+:1 .*\[server\.refused\]$/m,
    )
    expect(stderr).toMatch(/tenants\/dan: \S+ refused the password of .* \[server\.wrong-password\]$/m)
    expect(stderr).toContain('run the same command again')
    await expectOnce(['ada', 'eve'])
    await fleet.ask('bob', 'DROP TABLE runs')
    fleet.list(fleet.members)
    expect((await fleet.db(['migrate'])).stdout).toBe('✅ tenants: 002 (head), 5 of 5\n')
    await expectOnce(fleet.members)
  })

  test('are in the JSON, each with its error', async () => {
    make('ada', 'bob')
    await spoil('bob')
    const { stdout, exitCode } = await fleet.db(['migrate', '--json'])
    const { counts, databases } = JSON.parse(stdout)
    expect(exitCode).toBe(5)
    expect(counts).toEqual({ databases: 2, changed: 1, unchanged: 0, failed: 1, notBegun: 0 })
    expect(databases[1]).toMatchObject({
      database: 'tenants/bob',
      outcome: 'failed',
      atHead: false,
      error: { code: 'migration.failed' },
    })
  })

  test('leave the others’ answers as they are', async () => {
    make('ada', 'bob')
    await fleet.db(['migrate', '--only', 't/ada'])
    fleet.list(['ada', unreachable('bob')])
    for (const command of ['status', 'current', 'verify', 'drift', 'check']) {
      if (command === 'check')
        fleet.write(
          'tenants/prisma/schema.prisma',
          'datasource db {\n  provider = "postgresql"\n}\nmodel runs {\n  revision String?\n  @@ignore\n}\n',
        )
      const { stdout, exitCode } = await fleet.db([command])
      expect({ command, exitCode }).toEqual({ command, exitCode: 2 })
      expect(stdout).toMatch(/^❌ tenants\/bob: No PostgreSQL answers .* \[server\.refused\]$/m)
    }
    const { databases } = JSON.parse((await fleet.db(['status', '--json'])).stdout)
    expect(databases).toMatchObject([
      { database: 'tenants/ada', atHead: true },
      { database: 'tenants/bob', error: { code: 'server.refused' } },
    ])
  })

  test('whose ledger says something else are refused, and nothing of them is touched', async () => {
    make('ada', 'bob', 'cyd')
    await fleet.db(['upgrade', '001', '--create'])
    await fleet.ask('bob', `UPDATE _prisma_migrations SET checksum = repeat('0', 64)`)
    const { stderr, exitCode } = await fleet.db(['migrate'])
    expect(exitCode).toBe(5)
    expect(stderr).toContain(
      'tenants/bob: 001_a of tenants/bob was edited after it had been applied. [plan.divergent]',
    )
    expect(await fleet.applied('bob')).toEqual(['001_a'])
    await expectOnce(['ada', 'cyd'])
  })
})

describe('the canary', () => {
  test('keeps the others from being begun when it fails', async () => {
    make('ada', 'bob', 'cyd')
    await spoil('ada')
    const { stderr, exitCode } = await fleet.db(['migrate'])
    expect(exitCode).toBe(5)
    expect(stderr).toContain('✖ 1 of 3 databases failed, and 2 were not begun. [rollout.failed]')
    expect(
      await tenant.asAdmin(`SELECT FROM pg_database WHERE datname = '${fleet.memberDatabase('bob')}'`),
    ).toEqual([])
  })

  test('is whoever is named, or several, or nobody', async () => {
    make('ada', 'bob', 'cyd')
    await spoil('cyd')
    const counts = async (...args: readonly string[]) =>
      JSON.parse((await fleet.db(['migrate', '--json', ...args])).stdout).counts
    expect(await counts('--canary', 'cyd')).toMatchObject({ changed: 0, failed: 1, notBegun: 2 })
    expect(await counts('--canary', '3')).toMatchObject({ changed: 2, failed: 1, notBegun: 0 })
    await tenant.asAdmin(`DROP DATABASE "${fleet.memberDatabase('ada')}"`)
    expect(await counts('--canary', '0')).toMatchObject({ changed: 1, unchanged: 1, failed: 1 })
    const unknown = await fleet.db(['migrate', '--canary', 'zoe'])
    expect(unknown.stderr).toContain('There is no database "zoe" in the catalog. [database.unknown]')
  })

  test('is followed by no more than --max-failures that fail', async () => {
    make('ada', 'bob', 'cyd', 'dan')
    await spoil('bob')
    const { stdout } = await fleet.db(['migrate', '--json', '--jobs', '1', '--max-failures', '1'])
    const none = await fleet.db(['migrate', '--max-failures', '0'])
    expect({ exitCode: none.exitCode, stderr: none.stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('It is not a number of failures, one or more.'),
    })
    expect(JSON.parse(stdout).counts).toEqual({
      databases: 4,
      changed: 1,
      unchanged: 0,
      failed: 1,
      notBegun: 2,
    })
  })
})

describe('a run that is not alone, or not left alone', () => {
  test('is gone on with after a kill, and nothing is run twice', async () => {
    make('ada', 'bob', 'cyd', 'dan', 'eve', 'fay')
    const { child, result } = fleet.startDb(['migrate', '--jobs', '2'])
    while (!(await isAtHead('ada'))) await sleep(20)
    child.kill('SIGKILL')
    expect((await result).exitCode).toBeUndefined()
    expect((await fleet.db(['migrate'])).stdout).toBe('✅ tenants: 002 (head), 6 of 6\n')
    await expectOnce(fleet.members)
  })

  test('shares the work with another one: each script is run exactly once', async () => {
    make('ada', 'bob', 'cyd', 'dan', 'eve', 'fay')
    const both = await Promise.all([fleet.db(['migrate']), fleet.db(['migrate'])])
    expect(both.map(({ stdout, exitCode }) => [stdout, exitCode])).toEqual([
      ['✅ tenants: 002 (head), 6 of 6\n', 0],
      ['✅ tenants: 002 (head), 6 of 6\n', 0],
    ])
    await expectOnce(fleet.members)
  })

  test('works on the list as it is now', async () => {
    make('ada', 'bob', 'cyd')
    fleet.list(['ada', 'bob'])
    await fleet.db(['migrate'])
    fleet.list(['bob', 'cyd'])
    fleet.revision('tenants', '003_c', recorded('003'))
    expect((await fleet.db(['migrate'])).stdout).toBe('✅ tenants: 003 (head), 2 of 2\n')
    await expectOnce(['ada'])
    expect(await fleet.applied('cyd')).toEqual(['001_a', '002_b', '003_c'])
  })
})

async function isAtHead(member: string): Promise<boolean> {
  const applied = await fleet.applied(member).catch(() => [])
  return applied.length === 2
}

test('a history that branches is a failure of each member', async () => {
  make('ada', 'bob')
  fleet.revision('tenants', '003_c', '-- revises: 001\n')
  expectFailure(await fleet.db(['migrate', '--only', 't/ada']), {
    code: 'plan.multiple-heads',
    exitCode: 2,
    what: 'The history of tenants/ada has several heads: 002, 003.',
    why: 'Two revisions name the same parent',
    fix: 'Join them: pnpm db merge',
  })
})

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

/** Each script, up and down, writes down which lock_timeout it ran with. */
const recording = `INSERT INTO seen VALUES (current_setting('lock_timeout'));`

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
  project = makeProject(tenant, {
    alpha: {
      '001_seen': 'CREATE TABLE seen (lock_timeout text);',
      '002_again': recording,
      '003_staged': 'CREATE TABLE staged (id int);',
    },
  })
  const file = (path: string, text: string) => project.write(`alpha/prisma/migrations/${path}`, text)
  file('001_seen/down.sql', 'DROP TABLE seen;')
  file('002_again/down.sql', recording)
  file('003_staged/down.sql', 'DROP TABLE staged;')
  file('003_staged/options.json', '{ "environments": ["staging"] }')
  expect(await project.db(['upgrade', '001', '--create', '--no-log'])).toMatchObject({ exitCode: 0 })
})
afterAll(async () => {
  project.dispose()
  await tenant.dispose()
})

/** Runs a command, and tells all that a flag can be known by. */
async function run(args: readonly string[]) {
  const path = (name: string) => join(project.directory, name)
  for (const name of ['logs', 'own.log']) rmSync(path(name), { recursive: true, force: true })
  await project.query('alpha', 'TRUNCATE seen')
  const { stderr, exitCode } = await project.db(args)
  expect({ stderr, exitCode }).toEqual({ stderr, exitCode: 0 })
  const rows = await project.query('alpha', 'SELECT lock_timeout FROM seen')
  return {
    echoed: stderr.includes('INSERT INTO seen'),
    analyzed: / analyze (public\.)?seen/.test(stderr),
    lockTimeout: rows.map((row) => row.lock_timeout).join(),
    usualLog: existsSync(path('logs/migration.log')),
    ownLog: existsSync(path('own.log')) && readFileSync(path('own.log'), 'utf8').includes('002_again'),
  }
}

/** What is seen without a flag. */
const usual = { echoed: false, analyzed: false, lockTimeout: '2s', usualLog: true, ownLog: false }

describe('each flag of a change has its effect, and no other', () => {
  // Each begins where the one before has left the database.
  test.each([
    [['upgrade', '002'], {}],
    [['downgrade', '001', '--yes'], {}],
    [['upgrade', '002', '--echo'], { echoed: true }],
    [['downgrade', '001', '--yes', '--echo'], { echoed: true }],
    [['upgrade', '002', '--analyze'], { analyzed: true }],
    [['downgrade', '001', '--yes', '--analyze'], { analyzed: true }],
    [['upgrade', '002', '--lock-timeout', '7s'], { lockTimeout: '7s' }],
    [['downgrade', '001', '--yes', '--lock-timeout', '7s'], { lockTimeout: '7s' }],
    [['upgrade', '002', '--log', 'own.log'], { usualLog: false, ownLog: true }],
    [['downgrade', '001', '--yes', '--log', 'own.log'], { usualLog: false, ownLog: true }],
    [['upgrade', '002', '--no-log'], { usualLog: false }],
    [['downgrade', '001', '--yes', '--no-log'], { usualLog: false }],
  ])('%j', async (args, effect) => {
    expect(await run(args)).toEqual({ ...usual, ...effect })
  })
})

test('--lock-wait is how long another migrator is waited for', async () => {
  await withClient(project.url('alpha'), async (holder) => {
    await holder.query('SELECT pg_advisory_lock(72707369)')
    for (const args of [
      ['upgrade', '002', '--lock-wait', '0'],
      ['downgrade', 'base', '--yes', '--lock-wait', '0'],
      ['stamp', 'head', '--lock-wait', '0'],
    ]) {
      const { stderr, exitCode } = await project.db(args)
      expect({ args, exitCode, stderr }).toEqual({
        args,
        exitCode: 2,
        stderr: expect.stringContaining('[ledger.locked]'),
      })
    }
  })
})

describe('--env', () => {
  const staged = async () => {
    const [row] = await project.query('alpha', `SELECT to_regclass('staged') IS NOT NULL AS is`)
    return row?.is
  }
  const output = async (...args: readonly string[]) => (await project.db(args)).stdout

  test('of preflight says whose scripts are read', async () => {
    const { revision } = project
    revision('alpha', '003_staged', 'CREATE TABLE staged (id int); CREATE EXTENSION nothing_like_it;')
    expect(await output('preflight', '--no-backup')).not.toContain('nothing_like_it')
    expect(await output('preflight', '--no-backup', '--env', 'staging')).toContain('nothing_like_it')
    revision('alpha', '003_staged', 'CREATE TABLE staged (id int);')
  })

  test('of migrate says which revisions are run', async () => {
    await project.db(['migrate', '--no-generate'])
    expect(await staged()).toBe(false)
    await project.db(['downgrade', '002', '--yes'])
    await project.db(['migrate', '--no-generate', '--env', 'staging'])
    expect(await staged()).toBe(true)
  })

  test('of a downgrade as a script says which revisions were', async () => {
    expect(await output('downgrade', '003:002', '--sql')).not.toContain('DROP TABLE staged')
    expect(await output('downgrade', '003:002', '--sql', '--env', 'staging')).toContain('DROP TABLE staged')
  })
})

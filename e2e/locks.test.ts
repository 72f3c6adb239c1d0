import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

/** A table, and a migration that needs it for itself alone. */
const withBusyTable = async (options: object = {}) => {
  project = makeProject(tenant, { alpha: { '001_t': 'CREATE TABLE t (a int); INSERT INTO t VALUES (1);' } })
  expect((await project.db(['migrate'])).exitCode).toBe(0)
  project.revision('alpha', '002_b', 'CREATE TABLE before_it (a int);\nALTER TABLE t ADD b int;')
  project.write('alpha/prisma/migrations/002_b/options.json', JSON.stringify(options))
}

/** Holds the table, as a report that takes long does, while other work is done. */
const whileHeld = (work: (holder: Client) => Promise<void>) =>
  withClient(project.url('alpha'), async (client) => {
    await client.query("SET application_name = 'a long report'")
    await client.query("BEGIN; SELECT a FROM t WHERE a <> 4711 AND 'secret' <> ''")
    await work(client)
  })

/** Reads the table every few milliseconds; the longest that a reader had to wait, in milliseconds. */
async function longestStall(until: Promise<unknown>): Promise<number> {
  let ended = false
  const ending = until.finally(() => {
    ended = true
  })
  return await withClient(project.url('alpha'), async (client) => {
    let longest = 0
    while (!ended) {
      const start = performance.now()
      await client.query('SELECT a FROM t')
      longest = Math.max(longest, performance.now() - start)
      await sleep(10)
    }
    await ending
    return longest
  })
}

describe('a migration that waits for a busy table', () => {
  test('stops the traffic behind it no longer than its lock_timeout, and gets through when the table is free', async () => {
    await withBusyTable({ lockTimeout: '400ms' })
    await whileHeld(async (holder) => {
      const migrating = project.startDb(['migrate'])
      const stall = longestStall(migrating.result)
      await sleep(3500)
      expect(await appliedIn(project, 'alpha')).toEqual(['001_t'])
      await holder.query('COMMIT')
      const { exitCode, stdout, stderr } = await migrating.result
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
      expect(stderr).toMatch(
        /alpha 002_b didn't get its locks \(attempt 2\); it is rolled back, and tried again in/,
      )
      expect(stderr).toMatch(/waits for process \d+ \(a long report\): .*SELECT a FROM t WHERE a <> \$\d/)
      // Beyond the time itself: a busy machine, and a reader that waits again behind the next attempt.
      expect(await stall).toBeGreaterThan(300)
      expect(await stall).toBeLessThan(1200)
    })
  })

  test('gives up after a while, names who holds what, and leaves nothing behind', async () => {
    await withBusyTable({ lockTimeout: '500ms', lockRetryTime: '3s' })
    await whileHeld(async () => {
      const failed = await project.db(['migrate'])
      expectFailure(failed, {
        code: 'migration.lock-timeout',
        exitCode: 5,
        what: /002_b didn't get its locks on alpha in \d attempts over [\d.]+ s. Nothing of it is done/,
        why: /held by process \d+ \(a long report, \w+\) idle in transaction for \d+ s: .*SELECT a FROM t WHERE a <> \$\d/,
        fix: 'lockTimeout',
      })
      expect(failed.stderr).not.toContain('secret')
    })
    expect(await project.query('alpha', "SELECT to_regclass('before_it') AS there")).toEqual([
      { there: null },
    ])
    expect(await project.query('alpha', 'SELECT count(*)::int FROM _prisma_migrations')).toEqual([
      { count: 1 },
    ])
    expect((await project.db(['migrate'])).exitCode).toBe(0)
  })

  test('waits as long as the command line says', async () => {
    await withBusyTable()
    await whileHeld(async (holder) => {
      const migrating = project.startDb(['migrate', '--lock-timeout', '30s'])
      await sleep(3500)
      await holder.query('COMMIT')
      const { exitCode, stderr } = await migrating.result
      expect(exitCode).toBe(0)
      expect(stderr).not.toContain("didn't get its locks")
    })
  })

  test('is refused a time that is none', async () => {
    await withBusyTable()
    const refused = await project.db(['migrate', '--lock-timeout', '5'])
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain('500ms, 5s or 1min')
  })
})

test('an index that is built concurrently waits without a limit, and lets the traffic pass', async () => {
  await withBusyTable()
  project.revision('alpha', '002_b', 'CREATE INDEX CONCURRENTLY t_a ON t (a);')
  project.write('alpha/prisma/migrations/002_b/options.json', '{}')
  await whileHeld(async (holder) => {
    await holder.query('UPDATE t SET a = 2')
    const migrating = project.startDb(['migrate', '--lock-timeout', '100ms'])
    const stall = longestStall(migrating.result)
    await sleep(3000)
    await holder.query('COMMIT')
    expect(await migrating.result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 002 (head)\n' })
    expect(await stall).toBeLessThan(1000)
  })
})

test('an index that is built concurrently gets past a session that waits for the migrators’ lock', async () => {
  await withBusyTable()
  project.revision('alpha', '002_b', 'SELECT pg_sleep(1);')
  project.write('alpha/prisma/migrations/002_b/options.json', '{}')
  project.revision('alpha', '003_index', 'CREATE INDEX CONCURRENTLY t_a ON t (a);')
  const migrating = project.startDb(['migrate'])
  await withClient(project.url('alpha'), async (client) => {
    const running =
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
    while ((await client.query(running)).rows.length === 0) await sleep(20)
    // As `prisma migrate deploy` does: it waits inside the server for ten seconds, and keeps a snapshot meanwhile.
    await client
      .query('SET statement_timeout = 10000; SET deadlock_timeout = 60000')
      .catch(() => client.query('SET statement_timeout = 10000'))
    const waiting = client.query('SELECT pg_advisory_lock(72707369)').catch(({ code }) => code)
    expect(await migrating.result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
    await waiting
  })
  expect(
    await project.query(
      'alpha',
      "SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 't'::regclass",
    ),
  ).toEqual([{ name: 't_a', valid: true }])
})

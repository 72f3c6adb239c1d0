import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { localPostgres } from '@manybase/local-postgres'
import { appliedIn } from './support/catalogs.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { remember } from './support/secrets.ts'
import { makeTenant, query, type Tenant, withClient } from './support/tenant.ts'

/** Prisma's advisory lock, which every migrator of either kind takes. */
const lock = 'SELECT pg_advisory_lock(72707369)'

/** Each script leaves a row for each time that it is run. */
const recorded = (revision: string, more = '') =>
  `CREATE TABLE IF NOT EXISTS runs (revision text);
INSERT INTO runs VALUES ('${revision}');
${more}`

let tenant: Tenant
let project: Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

/** At head, and every script was run exactly once. */
async function expectOnce(database: string, revisions: readonly string[]): Promise<void> {
  expect(await appliedIn(project, database)).toEqual(revisions)
  const runs = await project.query(database, 'SELECT revision FROM runs ORDER BY 1')
  expect(runs.map(({ revision }) => revision)).toEqual(revisions)
}

/** Waits for a condition in a database that may not exist yet. */
async function until(database: string, sql: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const rows = await project.query(database, sql).catch(() => [])
    if (rows.length > 0) return
    await sleep(25)
  }
  throw new Error(`never came true: ${sql}`)
}

const sleeping = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'manybase migrator'
  AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`

const revisions = (count: number, more = '') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const name = `${String(index + 1).padStart(3, '0')}_step`
      return [name, recorded(name, more)]
    }),
  )

test('ten at once on empty databases all succeed, and everything is applied exactly once', async () => {
  project = makeProject(tenant, {
    alpha: revisions(5),
    beta: { '001_other': `-- depends-on: alpha@005\n${recorded('001_other')}` },
  })
  const results = await Promise.all(Array.from({ length: 10 }, () => project.db(['migrate'])))
  for (const { stdout, exitCode, stderr } of results) {
    expect({ stdout, exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stdout: '✅ alpha: 005 (head)\n✅ beta: 001 (head)\n',
    })
  }
  await expectOnce('alpha', Object.keys(revisions(5)))
  await expectOnce('beta', ['001_other'])
  expect(await project.query('alpha', 'SELECT count(*)::int FROM _prisma_migrations')).toEqual([{ count: 5 }])
})

test('killed at twenty points of its run, the next run ends at head and nothing is applied twice', async () => {
  const slow = revisions(6, 'SELECT pg_sleep(0.03);')
  project = makeProject(tenant, { alpha: slow })
  const begun = performance.now()
  expect((await project.db(['migrate'])).exitCode).toBe(0)
  const whole = performance.now() - begun

  for (let round = 0; round < 20; round += 1) {
    if (round % 4 === 0) await tenant.asAdmin(`DROP DATABASE ${project.databaseName('alpha')} WITH (FORCE)`)
    else await project.query('alpha', 'DELETE FROM runs; DELETE FROM _prisma_migrations').catch(() => [])
    const { child, result } = project.startDb(['migrate'])
    await sleep((whole * (round + 0.5)) / 20)
    child.kill('SIGKILL')
    await result
    const next = await project.db(['migrate'])
    expect(next).toEqual({ exitCode: 0, stdout: '✅ alpha: 006 (head)\n', stderr: expect.any(String) })
    await expectOnce('alpha', Object.keys(slow))
  }
})

describe('a connection that breaks in the middle of a migration', () => {
  const slow = {
    '001_first': recorded('001_first'),
    '002_slow': recorded('002_slow', 'SELECT pg_sleep(30);'),
  }
  const lost = {
    code: 'migration.connection-lost',
    exitCode: 5,
    what: 'The connection to alpha broke while 002_slow was being applied.',
    why: 'it is either whole or not there',
    fix: 'Run the same command again',
  } as const

  test('because the session is ended: what was under way is not there, what was before it is', async () => {
    project = makeProject(tenant, { alpha: slow })
    const { result } = project.startDb(['migrate'])
    await until('alpha', sleeping)
    await project.query(
      'alpha',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'manybase migrator' AND datname = current_database()`,
    )
    expectFailure(await result, lost)
    await expectOnce('alpha', ['001_first'])
    project.revision('alpha', '002_slow', recorded('002_slow'))
    expect((await project.db(['migrate'])).exitCode).toBe(0)
    await expectOnce('alpha', ['001_first', '002_slow'])
  })

  test('because the server is restarted: the next run goes on', async () => {
    const root = mkdtempSync(join(tmpdir(), 'manybase-restart-'))
    const local = localPostgres({ directory: 'server' })
    try {
      const server = await local.start(root)
      remember(server.password)
      project = makeProject(tenant, { alpha: slow })
      const env = { DATABASE_URL_ALPHA: server.url('alpha') }
      project = { ...project, query: (database, sql) => query(server.url(database), sql) }
      const { result } = project.startDb(['migrate'], { env })
      await until('alpha', sleeping)
      await local.stop(root)
      expectFailure(await result, lost)
      await local.start(root)
      await expectOnce('alpha', ['001_first'])
      project.revision('alpha', '002_slow', recorded('002_slow'))
      expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
      await expectOnce('alpha', ['001_first', '002_slow'])
    } finally {
      await local.destroy(root)
      rmSync(root, { recursive: true, force: true })
    }
  })
})

describe('a lock that another session holds', () => {
  test('is waited for, its holder is named once, and --lock-wait gives up', async () => {
    project = makeProject(tenant, { alpha: { '001_first': recorded('001_first') } })
    await tenant.createDatabase(project.databaseName('alpha'))
    await withClient(project.url('alpha'), async (holder) => {
      await holder.query(`SET application_name = 'somebody else'`)
      const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      const pid = rows[0]?.pid
      await holder.query(lock)
      const result = await project.db(['migrate', '--lock-wait', '1'])
      expectFailure(result, {
        code: 'ledger.locked',
        exitCode: 2,
        what: `Another migration has held the lock on alpha for more than 1 s (process ${pid}, somebody else).`,
        why: 'Only one migrator at a time may change a database; Prisma takes the same lock.',
        fix: 'wait longer with --lock-wait SECONDS',
      })
      const waiting = `waiting for another migrator on alpha (process ${pid}, somebody else)`
      expect(result.stderr.split(waiting)).toHaveLength(2)
      // Who only looks doesn't wait.
      expect((await project.db(['status'])).exitCode).toBe(0)
      expect(await project.query('alpha', `SELECT to_regclass('_prisma_migrations') AS ledger`)).toEqual([
        { ledger: null },
      ])
    })
  })

  test('is taken as soon as it is free', async () => {
    project = makeProject(tenant, { alpha: { '001_first': recorded('001_first') } })
    await tenant.createDatabase(project.databaseName('alpha'))
    const { result } = await withClient(project.url('alpha'), async (holder) => {
      await holder.query(lock)
      const started = project.startDb(['migrate'])
      await new Promise((resolve) => started.child.stderr.once('data', resolve))
      return started
    })
    expect(await result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 001 (head)\n' })
  })
})

test('CREATE INDEX CONCURRENTLY of one migrator does not wait for the other that waits for its lock', async () => {
  project = makeProject(tenant, { alpha: { '001_first': recorded('001_first') } })
  await project.db(['migrate'])
  project.revision('alpha', '002_index', 'CREATE INDEX CONCURRENTLY runs_revision ON runs (revision);')
  project.revision('alpha', '003_third', recorded('003_third'))

  const [first, second] = await withClient(project.url('alpha'), async (writer) => {
    // An open writer holds the index up until the second migrator is waiting.
    await writer.query('BEGIN; LOCK TABLE runs IN ROW EXCLUSIVE MODE')
    const builder = project.startDb(['migrate'])
    await until(
      'alpha',
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'`,
    )
    const waiter = project.startDb(['migrate'])
    await new Promise((resolve) => waiter.child.stderr.once('data', resolve))
    await writer.query('COMMIT')
    return [builder, waiter]
  })
  expect(await first?.result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
  expect(await second?.result).toMatchObject({ exitCode: 0, stdout: '✅ alpha: 003 (head)\n' })
  expect(await appliedIn(project, 'alpha')).toEqual(['001_first', '002_index', '003_third'])
  expect(
    await project.query(
      'alpha',
      `SELECT indisvalid FROM pg_index WHERE indexrelid = 'runs_revision'::regclass`,
    ),
  ).toEqual([{ indisvalid: true }])
})

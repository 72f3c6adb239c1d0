import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { addColumn, appliedBackfill, type Backfill, byCursor, shrinking, users } from './support/backfill.ts'
import { expectFailure } from './support/failure.ts'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Backfill | Project

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const backfill = async (rows: number, data: string, name?: string): Promise<Backfill> => {
  const made = await appliedBackfill(tenant, rows, data, name)
  project = made
  return made
}

/** Until it is so, for twenty seconds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
    if (await condition()) return
    await sleep(50)
  }
  throw new Error('it has never come to be')
}

const module = (body: string) => `import { defineDataMigration } from '@manybase/migrator/data'
export default defineDataMigration({ ${body} })
`

describe('every row is handled once', () => {
  test.each([
    ['by a statement that goes from key to key', byCursor],
    [
      'by a SELECT around what changes the rows',
      `WITH batch AS (SELECT id FROM users WHERE id > coalesce(:cursor, 0) ORDER BY id LIMIT :batch),
            done AS (UPDATE users SET hits = hits + 1 FROM batch WHERE batch.id = users.id)
       SELECT max(id) AS cursor, count(*) AS rows FROM batch -- the last one: ':cursor'`,
    ],
    ['by a statement that goes on while it finds rows', shrinking],
  ])('%s', async (_, data) => {
    const { count, status } = await backfill(1234, data)
    const { exitCode, stdout } = await project.db(['data', 'run', '--batch-size', '100', '--json'])
    expect({ exitCode, result: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      result: { databases: [{ database: 'alpha' }], steps: [{ direction: 'data', rows: 1234 }] },
    })
    expect(await count('hits = 1')).toBe(1234)
    expect(await status()).toMatchObject([
      { revision: '002_new_field', file: 'data.sql', state: 'complete', rows: 1234, error: null },
    ])
  })

  test('by a data.ts, of whose batch nothing stays when it throws', async () => {
    const { count, file, status } = await backfill(
      250,
      module(`
  count: async (client) =>
    Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM users WHERE hits = 0')).rows[0]?.n),
  batch: async ({ client, cursor, size }) => {
    const { rows } = await client.query<{ id: number }>(
      'UPDATE users SET hits = hits + 1 WHERE id > $1 AND id <= $1 + $2 RETURNING id', [Number(cursor ?? 0), size])
    if (rows.some(({ id }) => id === 201)) throw new Error('no name for 201')
    return { cursor: String(Number(cursor ?? 0) + size), rows: rows.length, done: rows.length < size }
  },`),
      'data.ts',
    )
    expectFailure(await project.db(['data', 'run', '--batch-size', '100', '--batch-time', '1ms']), {
      code: 'data.failed',
      exitCode: 5,
      what: 'no name for 201',
      why: 'Thrown at',
      fix: /rows done in this run before it stay.*pnpm db data/,
    })
    expect(await count('hits = 0')).toBeGreaterThan(0)
    expect(await count('hits > 1')).toBe(0)
    expect(await status()).toMatchObject([
      { state: 'failed', total: 250, error: expect.stringContaining('no name for 201') },
    ])
    const text = `UPDATE users SET hits = hits + 1 WHERE id > $1 AND id <= $1 + $2`
    file(
      '002_new_field',
      'data.ts',
      module(`batch: async ({ client, cursor, size }) => {
    const { rowCount } = await client.query('${text}', [Number(cursor ?? 0), size])
    return { cursor: String(Number(cursor ?? 0) + size), rows: rowCount ?? 0, done: rowCount === 0 }
  }`),
    )
    const { exitCode, stderr } = await project.db(['data'])
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(
        'the file has changed since its last batch; it goes on where it stopped',
      ),
    })
    expect(await count('hits = 1')).toBe(250)
  })
})

describe('a statement that fails', () => {
  test('in the middle keeps the batches before it, says where, and is gone on with once it is mended', async () => {
    const { count, status } = await backfill(
      100,
      `-- Divides by zero at 77.
UPDATE users SET hits = hits + 1 + 0 / (77 - id)
 WHERE id IN (SELECT id FROM users WHERE :cursor IS NULL OR id > :cursor ORDER BY id LIMIT :batch)
RETURNING id AS cursor`,
    )
    const stopped = await project.db(['data', 'run', '002', '--batch-size', '10', '--batch-time', '1ms'])
    // A batch takes as many as fit into its time: the last before 77 ends there, or somewhat earlier.
    const done = await count('hits = 1')
    expect(done).toBeGreaterThan(66)
    expect(done).toBeLessThan(77)
    expectFailure(stopped, {
      code: 'data.failed',
      exitCode: 5,
      what: 'The data migration of 002_new_field failed on alpha: division by zero',
      why: 'SQLSTATE 22012',
      fix: `the ${done} rows done in this run before it stay`,
    })
    expect((await project.db(['status'])).stdout).toMatch(
      new RegExp(`data {2}failed {2}002_new_field, ${done} .*division by zero`),
    )
    await project.query('alpha', 'DELETE FROM users WHERE id = 77')
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    expect(await count('hits = 1')).toBe(99)
    expect(await status()).toMatchObject([{ state: 'complete', rows: 99, error: null }])
  }, 60_000)

  test('shows the place in its file', async () => {
    await backfill(
      5,
      '-- A comment, ü.\nUPDATE users\n   SET nowhere = 1 WHERE id IN (SELECT id FROM users WHERE nowhere IS NULL LIMIT :batch)',
    )
    expectFailure(await project.db(['data']), {
      code: 'data.failed',
      exitCode: 5,
      what: 'column "nowhere" does not exist',
      why: /data\.sql:3:60/,
      fix: 'nothing was done before it in this run',
    })
  })
})

describe('what would never end', () => {
  test.each([
    [
      'because it finds the same rows again',
      'UPDATE users SET hits = hits + 1 WHERE id IN (SELECT id FROM users WHERE hits >= 0 LIMIT :batch)',
      'more than there are (100), so some were handled again',
    ],
    [
      'because its cursor stands',
      'UPDATE users SET hits = hits + 1 WHERE :cursor IS NULL OR id IN (SELECT id FROM users WHERE id >= :cursor LIMIT :batch) RETURNING id AS cursor',
      'a batch has ended at the cursor where it began, 100',
    ],
  ])('is stopped: %s', async (_, data, reason) => {
    await backfill(100, data)
    expectFailure(await project.db(['data', 'run', '--batch-size', '10']), {
      code: 'data.endless',
      exitCode: 5,
      what: "it doesn't come to an end",
      why: reason,
      fix: ':cursor',
    })
  })

  test.each([
    [
      'because nothing becomes less',
      `count: async () => 3, batch: async () => ({ rows: 2, done: false })`,
      'data.endless',
    ],
    [
      'because it does nothing',
      `count: async () => 3, batch: async () => ({ rows: 0, done: false })`,
      'data.endless',
    ],
    ['because it says neither', `batch: async () => ({ rows: 1, done: false })`, 'data.invalid'],
    [
      'because it ends its own transaction',
      `batch: async ({ client }) => { await client.query('COMMIT'); return { rows: 1, done: true } }`,
      'data.invalid',
    ],
  ])('or be wrong in a data.ts is stopped: %s', async (_, body, code) => {
    await backfill(3, module(body), 'data.ts')
    expect((await project.db(['data'])).stderr).toContain(`[${code}]`)
  })
})

describe('whoever is in the way', () => {
  test('of a batch is waited for, and the batch tried again', async () => {
    const { count } = await backfill(50, shrinking)
    await withClient(project.url('alpha'), async (client) => {
      await client.query('BEGIN; UPDATE users SET hits = 0 WHERE id = 7')
      const running = project.db(['data', 'run', '--lock-timeout', '100ms'])
      await until(async () => {
        const [row] = await project.query(
          'alpha',
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        )
        return row?.n === 1
      })
      await sleep(300)
      await client.query('COMMIT')
      const { exitCode, stderr } = await running
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("didn't get its locks (attempt 1)"),
      })
    })
    expect(await count('hits = 1')).toBe(50)
  })

  test('with another run is refused, and does its work when it waits', async () => {
    const { count, status } = await backfill(400, byCursor)
    const slow = ['data', 'run', '--batch-size', '10', '--batch-time', '1ms', '--pause', '30ms']
    const first = project.startDb(slow)
    await until(async () => (await status()).some(({ state }) => state === 'running'))
    expectFailure(await project.db(['data', 'run', '--lock-wait', '0']), {
      code: 'data.locked',
      exitCode: 2,
      what: 'Another run is at the data migrations of alpha',
      why: 'the same rows',
      fix: '--lock-wait',
    })
    const second = project.db(['data', 'run', '--lock-wait', '60'])
    expect(await first.result).toMatchObject({ exitCode: 0 })
    expect(await second).toMatchObject({ exitCode: 0 })
    expect(await count('hits = 1')).toBe(400)
  })

  test('with a migration waits for no backfill: another revision goes through, an undoing stops it', async () => {
    const { status } = await backfill(5000, byCursor)
    const slow = ['data', 'run', '--batch-size', '5', '--batch-time', '1ms', '--pause', '50ms']
    const running = project.startDb(slow)
    await until(async () =>
      (await status()).some(({ state, rows }) => state === 'running' && Number(rows) > 0),
    )
    project.revision('alpha', '003_more', 'CREATE TABLE more (id int PRIMARY KEY);')
    expect(await project.db(['migrate', '--lock-wait', '5'])).toMatchObject({ exitCode: 0 })
    project.write('alpha/prisma/migrations/003_more/down.sql', 'DROP TABLE more;')
    expect(await project.db(['downgrade', '001', '--yes'])).toMatchObject({ exitCode: 0 })
    expectFailure(await running.result, {
      code: 'data.revision-undone',
      exitCode: 5,
      what: '002_new_field of alpha was undone while its data migration was running',
      why: 'A downgrade goes ahead',
      fix: 'begins its data migration anew',
    })
    expect(await status()).toMatchObject([{ state: 'waiting' }])
  })
})

describe('making way', () => {
  test('for load: it rests while more sessions are at work than is allowed', async () => {
    const { count } = await backfill(20, shrinking)
    await tenant.asAdmin(`GRANT pg_read_all_stats TO ${tenant.role}`)
    await withClient(project.url('alpha'), async (client) => {
      const sleeping = client.query('SELECT pg_sleep(4)')
      const start = performance.now()
      const done = project.db(['data', 'run', '--max-load', '0'])
      await sleep(2500)
      expect(await count('new_field IS NULL')).toBe(20)
      await sleeping
      expect(await done).toMatchObject({ exitCode: 0 })
      expect(performance.now() - start).toBeGreaterThan(3900)
    })
    expect(await count('new_field IS NULL')).toBe(0)
    await tenant.asAdmin(`REVOKE pg_read_all_stats FROM ${tenant.role}`)
    expectFailure(await project.db(['data', 'retry', '002', '--max-lag', '5s']), {
      code: 'data.statistics-hidden',
      exitCode: 2,
      what: `can't be seen by the role ${tenant.role}`,
      why: 'pg_stat_replication',
      fix: `GRANT pg_read_all_stats TO ${tenant.role}`,
    })
  }, 60_000)
})

describe('beginning anew', () => {
  test('does all rows again, and only of the revision that is named', async () => {
    const { count } = await backfill(30, byCursor)
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    expect(await project.db(['data', 'run', '002'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Nothing to do.'),
    })
    expect(await project.db(['data', 'retry', 'a@002'])).toMatchObject({ exitCode: 0 })
    expect(await count('hits = 2')).toBe(30)
    expect(await project.db(['data', 'retry'])).toMatchObject({ exitCode: 2 })
    expectFailure(await project.db(['data', 'run', '001']), {
      code: 'data.missing',
      exitCode: 2,
      what: '001_users of alpha has no data migration',
      why: 'data.sql',
      fix: 'pnpm db data status',
    })
  })
})

describe('the rights of the role', () => {
  test('must let it keep the progress, and a schema that somebody has made for it is enough', async () => {
    const owner = await tenant.createRole('')
    project = makeProject(tenant, { alpha: { '001_users': users } })
    const [database, env] = [
      project.databaseName('alpha'),
      { DATABASE_URL_ALPHA: tenant.url(project.databaseName('alpha'), owner) },
    ]
    await tenant.createDatabase(database)
    await tenant.asAdmin(`ALTER SCHEMA public OWNER TO ${owner.role}`, database)
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    project.revision('alpha', '002_new_field', addColumn)
    project.write('alpha/prisma/migrations/002_new_field/data.sql', shrinking)
    expect(await project.db(['migrate'], { env })).toMatchObject({ exitCode: 0 })
    expectFailure(await project.db(['data'], { env }), {
      code: 'data.forbidden',
      exitCode: 2,
      what: 'permission denied for database',
      why: `the role ${owner.role} may not make or use it`,
      fix: `CREATE SCHEMA migrator AUTHORIZATION ${owner.role}`,
    })
    await tenant.asAdmin(`CREATE SCHEMA migrator AUTHORIZATION ${owner.role}`, database)
    expect(await project.db(['data'], { env })).toMatchObject({ exitCode: 0 })
  })
})

describe('the log', () => {
  test('has a line for the run of a data migration', async () => {
    await backfill(12, shrinking)
    expect(await project.db(['data', '--log', 'own.log'])).toMatchObject({ exitCode: 0 })
    const { readFileSync } = await import('node:fs')
    const [line] = readFileSync(`${project.directory}/own.log`, 'utf8').trim().split('\n')
    expect(JSON.parse(line ?? '')).toMatchObject({
      database: 'alpha',
      revision: '002_new_field',
      direction: 'data',
      outcome: 'done',
      rows: 12,
    })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { appliedBackfill, type Backfill, byCursor, shrinking } from './support/backfill.ts'
import { makeTenant, type Tenant } from './support/tenant.ts'

let tenant: Tenant
let project: Backfill

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
afterEach(() => project.dispose())

const rows = 10_000
const progress = async (): Promise<number> => {
  const found = await project
    .query('alpha', 'SELECT batches::int FROM migrator.data_migrations')
    .catch(() => [])
  return Number(found[0]?.batches ?? 0)
}

/** Small batches, so that there are many points at which it can be killed. */
const slowly = ['data', 'run', '--no-log', '--batch-size', '40', '--batch-time', '1ms']

/** Runs it and kills it as soon as it has gone on for a while, until it ends by itself. Returns how often. */
async function killUntilDone(signal: NodeJS.Signals): Promise<number> {
  for (let kills = 0; ; kills++) {
    const before = await progress()
    const { child, result } = project.startDb(slowly)
    let ended = false
    const end = result.finally(() => {
      ended = true
    })
    while (!ended && (await progress()) === before) await sleep(10)
    // Anywhere in a batch, or between two.
    if (kills < 12) setTimeout(() => child.kill(signal), Math.random() * 60).unref()
    const { exitCode, stderr } = await end
    if (exitCode === undefined) continue
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    return kills
  }
}

describe('kill -9 at any point of a data migration', () => {
  test.each([
    ['that goes by a cursor', byCursor],
    ['that goes on while it finds rows', shrinking],
    [
      'in TypeScript',
      `export default {
  batch: async ({ client, cursor, size }) => {
    const from = Number(cursor ?? 0)
    await client.query('UPDATE users SET hits = hits + 1 WHERE id > $1 AND id <= $1 + $2', [from, size])
    return { cursor: String(from + size), rows: size, done: from + size >= ${rows} }
  },
}\n`,
    ],
  ])(
    '%s: the next run ends right, and no row is done twice',
    async (_, data) => {
      project = await appliedBackfill(tenant, rows, data, data.startsWith('export') ? 'data.ts' : 'data.sql')
      const kills = await killUntilDone('SIGKILL')
      expect(kills).toBeGreaterThan(3)
      expect(await project.count('hits = 1')).toBe(rows)
      expect(await project.status()).toMatchObject([{ state: 'complete' }])
    },
    300_000,
  )

  test('of the server’s session: the run says so, and the next one goes on', async () => {
    project = await appliedBackfill(tenant, rows, byCursor)
    const running = project.startDb(slowly)
    while ((await progress()) === 0) await sleep(20)
    await project.query(
      'alpha',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'manybase migrator'`,
    )
    const { exitCode, stderr } = await running.result
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('[data.connection-lost]'),
    })
    expect(await project.status()).toMatchObject([{ state: 'unfinished' }])
    expect(await project.db(['data'])).toMatchObject({ exitCode: 0 })
    expect(await project.count('hits = 1')).toBe(rows)
  }, 120_000)
})

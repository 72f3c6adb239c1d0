import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localPostgres, type RunningServer } from '@manybase/local-postgres'
import pg from 'pg'

/** A PostgreSQL server of the attack's own, which can be killed. */
export interface Server {
  /** As it is now; another one after each start. */
  now(): RunningServer
  /** kill -9, of every process. What was committed asynchronously is lost with the shared memory. */
  kill(): Promise<void>
  /** Starts it again; nothing when it runs. */
  start(): Promise<void>
  destroy(): Promise<void>
}

/**
 * Prepared transactions are for attackers. What a killed process has written the kernel keeps, so nothing waits for
 * the disk; what it hadn't written yet is lost all the same: commits that were asynchronous.
 */
const settings = { max_prepared_transactions: '50', fsync: 'off' }

export async function makeServer(name: string): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), `manybase-attack-${name}-`))
  const local = localPostgres({ directory: 'server' })
  let running = await local.start(folder)
  for (const [name, value] of Object.entries(settings)) {
    await asAdmin(running, `ALTER SYSTEM SET ${name} = ${value}`)
  }
  await local.stop(folder)
  running = await local.start(folder)
  return {
    now: () => running,
    kill: async () => {
      const pids = await processesOf(running).catch(() => [])
      for (const pid of [running.pid, ...pids]) killProcess(pid)
    },
    start: async () => {
      running = await local.start(folder)
    },
    destroy: async () => {
      await local.destroy(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function processesOf(server: RunningServer): Promise<readonly number[]> {
  const rows = await asAdmin(server, 'SELECT pid FROM pg_stat_activity')
  return rows.map(({ pid }) => Number(pid))
}

async function asAdmin(server: RunningServer, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url('postgres'), connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

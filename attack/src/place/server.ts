import type { RunningServer } from '@manybase/local-postgres'
import { restartableServer } from '@manybase/local-postgres/testing'
import { connect } from './connect.ts'

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

export interface ServerChoice {
  /** Release of PostgreSQL, such as 15; the one of the repository when left out. */
  readonly major: string | undefined
  /** Whether transactions may be prepared. Where they may, deletions are not announced, since NOTIFY forbids it. */
  readonly prepares: boolean
}

export async function makeServer({ major, prepares }: ServerChoice): Promise<Server> {
  // What a killed process has written the kernel keeps, so nothing waits for the disk; what it hadn't written yet is
  // lost all the same: commits that were asynchronous.
  const settings = { max_prepared_transactions: prepares ? '50' : '0', fsync: 'off' }
  const server = await restartableServer({ major, settings })
  let running = await server.start()
  return {
    now: () => running,
    kill: async () => {
      const pids = await processesOf(running).catch(() => [])
      for (const pid of [running.pid, ...pids]) killProcess(pid)
    },
    start: async () => {
      running = await server.start()
    },
    destroy: server.destroy,
  }
}

async function processesOf(server: RunningServer): Promise<readonly number[]> {
  const client = await connect(server.url('postgres'))
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
    return rows.map(({ pid }) => pid)
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

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localPostgres } from '@manybase/local-postgres'
import { remember } from './secrets.ts'
import { query } from './tenant.ts'

/** A PostgreSQL server of a test's own, which goes and comes back at the same address. */
export interface OwnServer {
  url(database: string): string
  /** SIGKILL to every process of it: what a crash of the machine leaves of a server. */
  kill(): Promise<void>
  /** A fast shutdown, as a service manager or a package upgrade does it. */
  stop(): Promise<void>
  start(): Promise<void>
  destroy(): Promise<void>
}

export async function makeOwnServer(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'manybase-own-server-'))
  const local = localPostgres({ directory: 'server' })
  const server = await local.start(folder)
  let { pid } = server
  remember(server.password)
  const url = (database: string) => server.url(database)
  return {
    url,
    kill: async () => {
      const processes = await query(url('postgres'), 'SELECT pid FROM pg_stat_activity')
      for (const each of [pid, ...processes.map((row) => Number(row.pid))]) kill(each)
    },
    stop: async () => {
      await local.stop(folder)
    },
    start: async () => {
      const again = await local.start(folder)
      if (again.port !== server.port) throw new Error(`another program has taken port ${server.port}`)
      pid = again.pid
    },
    destroy: async () => {
      await local.destroy(folder)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself, as sessions do without their server.
  }
}

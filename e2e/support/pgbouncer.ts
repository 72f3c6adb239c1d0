import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { describeIfFound, findProgram } from './needs.ts'
import type { Tenant } from './tenant.ts'
import { withClient } from './tenant.ts'

const program = findProgram('pgbouncer')

export const describeBehindPgbouncer = (name: string, define: () => void): void =>
  describeIfFound(name, program, 'no PgBouncer here: apt-get install pgbouncer', define)

export interface Pooler {
  /** The same database, reached through the pooler. */
  through(url: string): string
  stop(): Promise<void>
}

/** @param size connections to the server for each database */
export async function startPgbouncer(
  tenant: Tenant,
  { mode, size }: { readonly mode: 'transaction' | 'session'; readonly size: number },
): Promise<Pooler> {
  const server = new URL(tenant.url('postgres'))
  const folder = mkdtempSync(join(tmpdir(), 'manybase-pgbouncer-'))
  const port = await freePort()
  writeFileSync(join(folder, 'users'), `"${tenant.role}" "${tenant.password}"\n`)
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users
pool_mode = ${mode}
default_pool_size = ${size}
`,
  )
  // It refuses to run as root; nobody must be able to read what it is told.
  chmodSync(folder, 0o711)
  const isRoot = process.getuid?.() === 0
  const child = spawn(program ?? 'pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], {
    stdio: 'ignore',
    ...(isRoot && { uid: 65534, gid: 65534 }),
  })
  const through = (text: string) => {
    const url = new URL(text)
    url.host = `127.0.0.1:${port}`
    return url.href
  }
  await answers(through(tenant.url('postgres')), child)
  return {
    through,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await withClient(url, async (client) => await client.query('SELECT 1'))
      return
    } catch (error) {
      if (attempt === 50 || child.exitCode !== null) throw error
      await sleep(100)
    }
  }
}

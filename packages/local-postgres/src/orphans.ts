import { readdir, readlink, realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'

/**
 * Ends the processes that a killed postmaster left behind. They notice by themselves within a moment, unless
 * they are busy; until then they hold the shared memory that a new server would need. Without their postmaster
 * they may be killed: what they had committed is in the write-ahead log.
 */
export async function endOrphans(home: Home): Promise<void> {
  await sleep(300)
  for (const pid of await processesIn(home.data)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
  await sleep(50)
}

/** The processes that work in this directory, which PostgreSQL's do. Linux alone shows it. */
async function processesIn(directory: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const wanted = await realpath(directory)
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    numbers.map(async (pid) =>
      (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === wanted ? Number(pid) : 0,
    ),
  )
  return found.filter((pid) => pid > 0 && pid !== process.pid)
}

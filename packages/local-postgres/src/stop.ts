import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopFailed } from './failures.ts'
import { hasCode } from './files.ts'
import { findPostmaster } from './find.ts'
import { type Home, homeAt } from './home.ts'

const stopTimeout = 60_000

/** Stops the server and waits until it is gone. Connected clients are cut off, what they committed is kept. */
export async function stopServer(home: Home): Promise<boolean> {
  const postmaster = await findPostmaster(home)
  if (!postmaster) return false
  await requestStop(home, postmaster.pid)
  const deadline = performance.now() + stopTimeout
  while ((await findPostmaster(home))?.pid === postmaster.pid) {
    if (performance.now() > deadline) throw stopFailed({ pid: postmaster.pid, seconds: stopTimeout / 1000 })
    await sleep(10)
  }
  return true
}

/** The data directory is renamed before it is deleted, so that no half of it is ever taken for a server. */
export async function destroyServer(home: Home): Promise<boolean> {
  await stopServer(home)
  const trash = homeAt(`${home.directory}.deleted-${randomBytes(4).toString('hex')}`)
  try {
    await rename(home.directory, trash.directory)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
  // Somebody may have started it between the stop and the renaming.
  await stopServer(trash)
  await rm(trash.directory, { recursive: true, force: true })
  return true
}

/** SIGINT is PostgreSQL's "fast" shutdown; Windows has no signals, and pg_ctl another way. */
async function requestStop(home: Home, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    const [{ embeddedBinaries }, { run }] = await Promise.all([import('./binaries.ts'), import('./run.ts')])
    await run((await embeddedBinaries()).pgCtl, ['stop', '-m', 'fast', '-D', home.data])
    return
  }
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if (hasCode(error, 'EPERM')) throw stopFailed({ pid, seconds: stopTimeout / 1000 }, error)
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'

/** Runs `work` while no other process that names the same file does; a dead process's lock is taken over. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!tryLock(path)) await sleep(50)
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    if (!isHeld(path)) rmSync(path, { force: true })
    return false
  }
}

function isHeld(path: string): boolean {
  const pid = readOwner(path)
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** The file may be gone again, or be written a moment after it is made: then it counts as held. */
function readOwner(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8')) || process.pid
  } catch {
    return undefined
  }
}

import { randomBytes } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, readIfExists } from './files.ts'
import type { Home } from './home.ts'
import { isAlive } from './process.ts'

/** Nobody needs longer to start a server; a holder that seems to is a number that another program got. */
const patience = 120_000

/**
 * Lets one process start the server while the others wait for it. The lock only saves work: should it be
 * broken by mistake, creating the data directory and starting the server are each still atomic.
 *
 * @param found asked again and again while somebody else holds the lock.
 * @returns what `found` found, or the result of `work`.
 */
export async function startOrJoin<T>(
  home: Home,
  found: () => Promise<T | undefined>,
  work: () => Promise<T>,
): Promise<T> {
  while (true) {
    const existing = await found()
    if (existing !== undefined) return existing
    if (await acquire(home)) break
    await sleep(20)
  }
  try {
    return (await found()) ?? (await work())
  } finally {
    await rm(home.lock, { force: true })
  }
}

async function acquire(home: Home): Promise<boolean> {
  try {
    await writeFile(home.lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    if (await abandoned(home)) await breakLock(home)
    return false
  }
}

async function abandoned(home: Home): Promise<boolean> {
  const [text, age] = await Promise.all([readIfExists(home.lock), ageOf(home.lock)])
  if (text === undefined || age === undefined) return false
  const pid = Number(text.trim())
  // The number is written a moment after the file appears.
  const dead = text.trim() === '' ? age > 1_000 : !isAlive(pid)
  return dead || age > patience
}

async function ageOf(file: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(file)).mtimeMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Of several who find the lock abandoned, one gets to rename it. */
async function breakLock(home: Home): Promise<void> {
  const aside = `${home.lock}.${randomBytes(4).toString('hex')}`
  try {
    await rename(home.lock, aside)
    await rm(aside, { force: true })
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

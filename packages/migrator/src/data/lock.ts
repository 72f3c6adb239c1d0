import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { dataLockHolder, releaseDataLock, tryDataLock } from './sql.ts'

export interface DataLockOptions {
  readonly waitSeconds: number
  /** Called once for each holder that is waited for longer than a moment. */
  readonly onWait?: (holder: string) => void
  /** Makes the failure when the time is over. */
  readonly refuse: (holder: string) => Error
}

/** Works under the lock of a history's data migrations, which is another one than that of migrations. */
export async function underDataLock<T>(
  client: Client,
  history: string,
  options: DataLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await lock(client, history, options)
  try {
    return await work()
  } finally {
    // With a broken connection the lock is gone anyway.
    await client.query(releaseDataLock(history)).catch(() => {})
  }
}

async function lock(client: Client, history: string, options: DataLockOptions): Promise<void> {
  const deadline = performance.now() + options.waitSeconds * 1000
  let told: string | undefined
  for (let pause = 20; !(await isTaken(client, history)); pause = Math.min(pause * 1.5, 500)) {
    const holder = await findHolder(client, history)
    if (performance.now() > deadline) throw options.refuse(holder)
    if (pause > 100 && holder !== told) {
      options.onWait?.(holder)
      told = holder
    }
    await sleep(pause * (0.5 + Math.random()))
  }
}

async function isTaken(client: Client, history: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(tryDataLock(history))
  return rows[0]?.locked ?? false
}

async function findHolder(client: Client, history: string): Promise<string> {
  const { rows } = await client.query<{ pid: number }>(dataLockHolder(history))
  return rows[0] ? `process ${rows[0].pid}` : 'a session that has just ended'
}

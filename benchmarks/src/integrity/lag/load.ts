import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import type { Sessions } from '../sessions.ts'
import type { Name } from './deletions.ts'

const workers = 4
/** Milliseconds between the bursts of a load, and those of finding out what the machine can do. */
const [tick, trial] = [10, 2_000]
/** Users whom the load names, and who live on. */
const living = 100

async function withWriter<T>(
  { client, url }: Sessions<Name>,
  work: (write: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const pool = new Pool({ connectionString: url('specs'), max: workers })
  try {
    const { rows } = await client('auth').query<{ id: string }>(
      'INSERT INTO users SELECT gen_random_uuid() FROM generate_series(1, $1) RETURNING id',
      [living],
    )
    let next = 0
    return await work(() => {
      next += 1
      return pool.query('INSERT INTO posts (user_id, text) VALUES ($1, $2)', [
        rows[next % rows.length]?.id,
        'x'.repeat(100),
      ])
    })
  } finally {
    await pool.end()
  }
}

/** Rows that the workers write in a second when they do nothing else. */
export const measureRate = (sessions: Sessions<Name>): Promise<number> =>
  withWriter(sessions, async (write) => {
    const end = performance.now() + trial
    let rows = 0
    const worker = async () => {
      while (performance.now() < end) {
        await write()
        rows += 1
      }
    }
    await Promise.all(Array.from({ length: workers }, worker))
    return (rows / trial) * 1000
  })

/** Writes as many rows in a second, until it is disposed of. */
export async function startLoad(sessions: Sessions<Name>, rate: number): Promise<AsyncDisposable> {
  let stopped = false
  const running = withWriter(sessions, async (write) => {
    const begin = performance.now()
    const writing = new Set<Promise<unknown>>()
    for (let written = 0; !stopped; ) {
      for (const due = ((performance.now() - begin) / 1000) * rate; written < due; written += 1) {
        const one = write().finally(() => writing.delete(one))
        writing.add(one)
      }
      await sleep(tick)
      // A machine that doesn't keep up shall not be asked for ever more.
      if (writing.size > rate) await Promise.all(writing)
    }
    await Promise.all(writing)
  })
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true
      await running
    },
  }
}

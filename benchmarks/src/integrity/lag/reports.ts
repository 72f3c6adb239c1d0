import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** A session that looks at one snapshot for a second, rests for another, and so on until it is disposed of. */
export async function startReports(url: string): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM posts')
      await sleep(1_000)
      await client.query('COMMIT')
      if (!stopping.signal.aborted) await sleep(1_000)
    }
  }
  const running = run()
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await running
      await client.end()
    },
  }
}

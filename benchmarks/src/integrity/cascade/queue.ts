import { Logger, makeWorkerUtils, runOnce, type TaskList } from 'graphile-worker'
import { Pool } from 'pg'

/** A queue in the referencing database, with a job for each user who was deleted. */
interface Queue extends AsyncDisposable {
  /** Adds a job for each, and works them off. */
  work(ids: readonly string[]): Promise<void>
}

const concurrency = 8
const task = 'delete_rows'

/** It would say every job. */
const logger = new Logger(() => () => {})

const tasks: TaskList = {
  [task]: async (id, { withPgClient }) => {
    await withPgClient((client) => client.query('DELETE FROM posts WHERE user_id = $1', [id]))
  },
}

export async function startQueue(url: string): Promise<Queue> {
  const pool = new Pool({ connectionString: url, max: concurrency + 1 })
  // What a query meets it tells itself; the library wants to hear of idle connections too.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const utils = await makeWorkerUtils({ pgPool: pool, logger })
  await utils.migrate()
  return {
    async work(ids) {
      await utils.addJobs(ids.map((id) => ({ identifier: task, payload: id })))
      await runOnce({ pgPool: pool, concurrency, taskList: tasks, noHandleSignals: true, logger })
    },
    [Symbol.asyncDispose]: async () => {
      await utils.release()
      await pool.end()
    },
  }
}

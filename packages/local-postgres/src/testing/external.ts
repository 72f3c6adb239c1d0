import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { withClient } from './admin.ts'
import { dropDatabasesOf } from './databases.ts'

// Namespace of the advisory locks that say which runs are alive: the letters "runs".
const lockSpace = 0x72756e73

/** A server that others own: only what the run puts into it is taken away again. */
export interface Registration {
  readonly run: string
  release(): Promise<void>
}

/** Eight hexadecimal digits that no run alive is likely to have. */
export const newRun = (): string => randomBytes(4).toString('hex')

/**
 * Holds a lock in the server for as long as the run lasts, and drops the databases of runs that hold theirs
 * no longer. So killed runs leave nothing for good, also when they ran on other machines.
 */
export async function register(adminUrl: string, run: string): Promise<Registration> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'test run', keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1, $2)', [lockSpace, lockKey(run)])
  await dropAbandoned(adminUrl)
  return {
    run,
    async release() {
      await dropDatabasesOf({ adminUrl, run })
      await client.end()
    },
  }
}

async function dropAbandoned(adminUrl: string): Promise<void> {
  const runs = await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ run: string }>(
      `SELECT DISTINCT substring(datname FROM '^test_([0-9a-f]{8})_') AS run FROM pg_database
        WHERE datname ~ '^test_[0-9a-f]{8}_'`,
    )
    return rows.map(({ run }) => run)
  })
  for (const run of runs) {
    await withClient(adminUrl, async (client) => {
      const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS free', [
        lockSpace,
        lockKey(run),
      ])
      if (rows[0]?.free) await dropDatabasesOf({ adminUrl, run })
    })
  }
}

const lockKey = (run: string): number => Number.parseInt(run, 16) | 0

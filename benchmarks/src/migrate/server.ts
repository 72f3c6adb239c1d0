import { rmSync } from 'node:fs'
import { localPostgres } from '@manybase/local-postgres'
import { Client } from 'pg'
import { serverUnusable } from '../failures.ts'

/** A server whose databases come and go with the benchmark. */
export interface Server {
  /** Such as `PostgreSQL 17.10, embedded, fsync on`. */
  readonly description: string
  url(database: string): string
  /** Makes empty databases of these names, and leaves nothing of their making to be done later. */
  recreate(names: readonly string[]): Promise<void>
  drop(names: readonly string[]): Promise<void>
  /** Writes what is still to be written, so that nobody pays for those before. */
  settle(): Promise<void>
  /** How many columns the tables of a database have, without the table `ledger`. */
  countColumns(database: string, ledger: string | undefined): Promise<number>
}

/** Runs `work` with the server at `url`, or with an embedded one in `folder` that is as durable as in development. */
export async function withServer<T>(
  url: string | undefined,
  folder: string,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  if (url !== undefined) return await withClient(url, 'by URL', work)
  const local = localPostgres({ directory: 'postgres' })
  let interruption: Promise<unknown> | undefined
  const interrupt = (): void => {
    interruption = local.destroy(folder).finally(() => {
      rmSync(folder, { recursive: true, force: true })
      process.exit(130)
    })
  }
  process.once('SIGINT', interrupt)
  try {
    const running = await local.start(folder)
    return await withClient(running.url('postgres'), 'embedded', work)
  } catch (error) {
    // What fails because the server goes away is no news.
    await interruption
    throw error
  } finally {
    process.off('SIGINT', interrupt)
    await local.destroy(folder)
  }
}

async function withClient<T>(url: string, origin: string, work: (server: Server) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(await makeServer(client, url, origin))
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw serverUnusable({ host: client.host, reason }, error)
  }
}

async function makeServer(client: Client, url: string, origin: string): Promise<Server> {
  const { rows } = await client.query<{ version: string; fsync: string }>(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync",
  )
  const urlOf = (database: string): string => {
    const other = new URL(url)
    other.pathname = `/${encodeURIComponent(database)}`
    return other.href
  }
  const drop = async (names: readonly string[]) => {
    for (const name of names) {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`)
    }
  }
  return {
    description: `PostgreSQL ${rows[0]?.version}, ${origin}, fsync ${rows[0]?.fsync}`,
    url: urlOf,
    drop,
    async settle() {
      await client.query('CHECKPOINT')
    },
    async recreate(names) {
      await drop(names)
      for (const name of names) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
      // The first session of a database fills its caches; the checkpoint writes what the copying has left.
      for (const name of names) await (await connect(urlOf(name))).end()
      await client.query('CHECKPOINT')
    },
    async countColumns(database, ledger) {
      const session = await connect(urlOf(database))
      try {
        const { rows } = await session.query<{ columns: number }>(
          `SELECT count(*)::int AS columns FROM information_schema.columns
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name <> $1`,
          [ledger ?? ''],
        )
        return rows[0]?.columns ?? 0
      } finally {
        await session.end()
      }
    },
  }
}

import { randomBytes } from 'node:crypto'
import { identifier, withClient } from './admin.ts'
import type { ServerDescription } from './description.ts'
import { databaseUrl } from './url.ts'

/** A database that belongs to one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string
  readonly url: string
  /** Drops it, whoever is still connected. What isn't dropped goes with the run. */
  drop(): Promise<void>
}

export const runPrefix = (run: string): string => `test_${run}_`

export async function createDatabase(server: ServerDescription, template?: string): Promise<TestDatabase> {
  const name = `${runPrefix(server.run)}${randomBytes(5).toString('hex')}`
  // template0 has nothing but PostgreSQL's own, and nobody can be connected to it.
  const source = identifier(template ?? 'template0')
  await withClient(server.adminUrl, (client) =>
    client.query(`CREATE DATABASE ${identifier(name)} TEMPLATE ${source}`),
  )
  return databaseNamed(server, name)
}

export function databaseNamed(server: ServerDescription, name: string): TestDatabase {
  const drop = async (): Promise<void> => {
    await withClient(server.adminUrl, (client) =>
      client.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`),
    )
  }
  return { name, url: databaseUrl(server.adminUrl, name), drop, [Symbol.asyncDispose]: drop }
}

/** Drops all databases of a run. */
export async function dropDatabasesOf(server: Pick<ServerDescription, 'adminUrl' | 'run'>): Promise<void> {
  await withClient(server.adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [runPrefix(server.run)],
    )
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE IF EXISTS ${identifier(datname)} WITH (FORCE)`)
    }
  })
}

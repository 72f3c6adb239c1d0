import { createHash } from 'node:crypto'
import type pg from 'pg'
import { testServerMissing } from '../failures.ts'
import { identifier, withClient } from './admin.ts'
import { databaseNamed, runPrefix, type TestDatabase } from './databases.ts'
import { readDescription, type ServerDescription } from './description.ts'

// Namespace of the advisory locks taken here: the first four bytes of SHA-256('manybase template').
const lockSpace = createHash('sha256').update('manybase template').digest().readInt32BE()

/**
 * A database to be cloned with `createDatabase({ template })`. It is built once per run and key, whichever
 * jest worker asks first; the others wait for it. When `build` fails the next to ask tries again.
 *
 * @param build fills the empty database. What it connected is disconnected afterwards.
 * @returns the template's name.
 */
export async function templateDatabase(
  key: string,
  build: (database: TestDatabase) => Promise<void>,
): Promise<string> {
  const server = readDescription(process.env)
  if (!server) throw testServerMissing({})
  const digest = createHash('sha256').update(`${server.run} ${key}`).digest()
  const name = `${runPrefix(server.run)}t_${digest.toString('hex', 0, 6)}`
  await withClient(server.adminUrl, async (client) => {
    // The lock goes with the connection, so a worker that is killed leaves none behind.
    await client.query('SELECT pg_advisory_lock($1, $2)', [lockSpace, digest.readInt32BE()])
    if (!(await exists(client, name))) await buildAs(client, server, name, build)
  })
  return name
}

async function buildAs(
  client: pg.Client,
  server: ServerDescription,
  name: string,
  build: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const draft = `${name}_draft`
  await client.query(`DROP DATABASE IF EXISTS ${identifier(draft)} WITH (FORCE)`)
  await client.query(`CREATE DATABASE ${identifier(draft)} TEMPLATE template0`)
  await build(databaseNamed(server, draft))
  // Nobody may be connected to a database that is copied, autovacuum included.
  await client.query(`ALTER DATABASE ${identifier(draft)} ALLOW_CONNECTIONS false`)
  await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [
    draft,
  ])
  await client.query(`ALTER DATABASE ${identifier(draft)} RENAME TO ${identifier(name)}`)
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
  return rowCount === 1
}

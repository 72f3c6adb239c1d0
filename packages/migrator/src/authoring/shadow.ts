import { errorCode, errorMessage } from '@manybase/failure'
import { executeScript } from '@manybase/schema-engine/script'
import { type Client, escapeIdentifier } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { fresh } from '../execute/session-settings.ts'
import type { Revision } from '../history/revision.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import { replayFailed, shadowForbidden } from './failures.ts'

/** An empty database on the server of a target, for finding out what scripts make. */
export interface Shadow {
  readonly target: Target
  readonly client: Client
  /** For the schema engine, with Prisma's parameters. */
  readonly url: string
}

/**
 * Makes a shadow database around `work` and drops it afterwards. Its name says which session made it, in the
 * way of the schema engine, which removes what a killed run left of either.
 * @throws `shadow.forbidden`, `server.*`, `database.missing`
 */
export async function withShadow<T>(target: Target, work: (shadow: Shadow) => Promise<T>): Promise<T> {
  const { connectionString, url } = target.connection
  const owner = await connect(connectionString).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    const name = await createDatabase(owner, target)
    try {
      return await withClient(withDatabase(connectionString, name), target, (client) =>
        work({ target, client, url: withDatabase(url, name) }),
      )
    } finally {
      await owner.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
    }
  } finally {
    await owner.end()
  }
}

async function createDatabase(owner: Client, target: Target): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT 'prisma_migrate_shadow_db_' || pid || '_' ||
            to_char(extract(epoch FROM backend_start) * 1000000, 'FM9999999999999999') AS name
       FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  )
  const name = rows[0]?.name ?? ''
  await owner.query(`CREATE DATABASE ${escapeIdentifier(name)}`).catch((error) => {
    if (errorCode(error) !== '42501') throw explainServerError(error, target)
    throw shadowForbidden({ database: target.name, user: target.connection.user }, error)
  })
  return name
}

async function withClient<T>(url: string, target: Target, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(target.connection.schema)}`)
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Runs a script as a migrator would. `name` is for the message. @throws `shadow.replay-failed` */
export async function runInShadow({ client, target }: Shadow, name: string, script: string): Promise<void> {
  await client.query(fresh(target.connection.schema))
  await executeScript(client, script).catch((error) => {
    throw replayFailed({ database: target.name, script: name, message: errorMessage(error) }, error)
  })
  await client.query(fresh(target.connection.schema))
}

/** Applies revisions in the given order. */
export async function replay(shadow: Shadow, revisions: readonly Revision[]): Promise<void> {
  for (const { name, script } of revisions) await runInShadow(shadow, name, script)
}

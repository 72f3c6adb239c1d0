import { errorCode } from '@manybase/failure'
import type { Client } from 'pg'
import { shadowForbidden } from '../authoring/failures.ts'
import type { Target } from '../catalog/resolve.ts'
import { parseDatabaseUrl, withDatabase } from '../catalog/url.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'

const prefix = 'manybase_shadow_'
const insufficientPrivilege = '42501'

/** Of the session that a shadow database belongs to: leftovers of a killed run are known by its being gone. */
const ownName = `'${prefix}' || pid || '_' || to_char(extract(epoch FROM backend_start) * 1000000, 'FM9999999999999999')`

/**
 * Works with an empty database on the target's server, which is dropped afterwards. It has the target's name in
 * the catalog and its PostgreSQL schema.
 * @throws `shadow.forbidden`, `server.*`
 */
export async function withShadow<T>(target: Target, work: (shadow: Target) => Promise<T>): Promise<T> {
  const owner = await connect(withDatabase(target.connection.connectionString, 'postgres')).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    await dropLeftovers(owner)
    const name = await create(owner, target)
    try {
      return await work(shadowTarget(target, name))
    } finally {
      await owner.query(`DROP DATABASE IF EXISTS ${owner.escapeIdentifier(name)} WITH (FORCE)`)
    }
  } finally {
    await owner.end()
  }
}

async function create(owner: Client, target: Target): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT ${ownName} AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  )
  const name = rows[0]?.name
  if (name === undefined) throw new Error('pg_stat_activity does not show the own session')
  try {
    await owner.query(`CREATE DATABASE ${owner.escapeIdentifier(name)}`)
  } catch (error) {
    if (errorCode(error) !== insufficientPrivilege) throw explainServerError(error, target)
    throw shadowForbidden({ database: target.name, user: target.connection.user }, error)
  }
  return name
}

async function dropLeftovers(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database d
      WHERE datname ~ '^${prefix}[0-9]+_[0-9]+$' AND pg_has_role(datdba, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE d.datname = ${ownName})`,
  )
  for (const { name } of rows) {
    // Another run may be dropping the same leftover; what remains is found again next time.
    await owner
      .query(`DROP DATABASE IF EXISTS ${owner.escapeIdentifier(name)} WITH (FORCE)`)
      .catch(() => undefined)
  }
}

function shadowTarget(target: Target, name: string): Target {
  const url = withDatabase(target.connection.url, name)
  return { ...target, connection: parseDatabaseUrl(url, target.origin), origin: 'shadow database' }
}

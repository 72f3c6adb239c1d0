import { errorCode } from '@manybase/failure'
import { dropDatabase } from '@manybase/schema-engine/drop-database'
import { selectLeftoverShadows, selectShadowName } from '@manybase/schema-engine/shadow-names'
import type { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import { parseDatabaseUrl, withDatabase } from '../catalog/url.ts'
import { explainServerError } from '../server/explain.ts'
import { connect, openSessions, type Session } from '../server/session.ts'
import { shadowForbidden } from './failures.ts'

/** An empty database on the server of a target, for finding out what scripts make. */
export interface Shadow {
  /** Under the target's name in the catalog and with its PostgreSQL schema. */
  readonly target: Target
  readonly session: Session
}

const [insufficientPrivilege, missingDatabase] = ['42501', '3D000']

/**
 * Makes a shadow database around `work` and drops it afterwards. Its name says which session made it, in the
 * way of the schema engine; either removes what a killed run left of the other.
 * @throws `shadow.forbidden`, `server.*`
 */
export async function withShadow<T>(target: Target, work: (shadow: Shadow) => Promise<T>): Promise<T> {
  const owner = await connectBeside(target).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    await dropLeftovers(owner)
    const name = await create(owner, target)
    try {
      return await withSession(at(target, name), work)
    } finally {
      await drop(owner, name)
    }
  } finally {
    await owner.end()
  }
}

/** To the target, since a role may be let into nothing else; one that isn't made yet has a server all the same. */
async function connectBeside({ connection: { connectionString } }: Target): Promise<Client> {
  try {
    return await connect(connectionString)
  } catch (error) {
    if (errorCode(error) !== missingDatabase) throw error
    return await connect(withDatabase(connectionString, 'postgres'))
  }
}

async function dropLeftovers(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(selectLeftoverShadows)
  // Another run may be dropping the same leftover; what remains is found again next time.
  for (const { name } of rows) await drop(owner, name).catch(() => undefined)
}

const drop = (owner: Client, name: string) => dropDatabase((sql) => owner.query(sql), name)

async function create(owner: Client, target: Target): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(selectShadowName)
  const name = rows[0]?.name
  if (name === undefined) throw new Error('pg_stat_activity does not show the own session')
  await owner.query(`CREATE DATABASE ${owner.escapeIdentifier(name)}`).catch((error) => {
    if (errorCode(error) !== insufficientPrivilege) throw explainServerError(error, target)
    throw shadowForbidden({ database: target.name, user: target.connection.user }, error)
  })
  return name
}

const at = (target: Target, name: string): Target => ({
  ...target,
  connection: parseDatabaseUrl(withDatabase(target.connection.url, name), target.origin),
  origin: 'shadow database',
})

async function withSession<T>(target: Target, work: (shadow: Shadow) => Promise<T>): Promise<T> {
  const [session] = await openSessions([target], { create: false })
  if (!session) throw new Error('a shadow database has a session')
  try {
    const { client } = session
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(target.connection.schema)}`)
    return await work({ target, session })
  } finally {
    await session.close()
  }
}

import { dropDatabase as drop } from '@manybase/schema-engine/drop-database'
import type { Client } from 'pg'
import type { PhysicalDatabase } from '../backup/physical.ts'
import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import { databaseInUse, restoreForbidden, restoreUnderWay } from './failures.ts'

/** A database's server, seen from beside the database, while nobody else restores it. */
export interface Site {
  readonly database: PhysicalDatabase
  /** Connected to another database, since one that is in use can't be renamed. */
  readonly admin: Client
  /** The database's name on the server. */
  readonly name: string
  readonly exists: boolean
}

/**
 * Connects beside a database, keeps other restores of it out, and drops what a killed one has left.
 * @throws `restore.under-way`, `restore.forbidden`, `server.*`
 */
export async function openSite(
  database: PhysicalDatabase,
  { replaces, onLeftover }: { readonly replaces: boolean; readonly onLeftover: (name: string) => void },
): Promise<Site> {
  const [target] = database.targets
  const { database: name } = target.connection
  const admin = await connectBeside(target)
  try {
    // It is this connection that holds the lock for as long as the load takes.
    await admin.query(`SET statement_timeout = 0; SET lock_timeout = 0`)
    await admin.query(`SELECT set_config('idle_session_timeout', '0', false)`)
    await lock(admin, name)
    for (const leftover of await leftoversOf(admin, name)) {
      await dropDatabase(admin, leftover)
      onLeftover(leftover)
    }
    return { database, admin, name, exists: await assertAllowed(admin, database, replaces) }
  } catch (error) {
    await admin.end()
    throw explainServerError(error, target)
  }
}

/** To another database of the same server. @throws `server.*` */
export async function connectBeside(target: Target): Promise<Client> {
  const { connectionString, database } = target.connection
  const beside = database === 'postgres' ? 'template1' : 'postgres'
  return await connect(withDatabase(connectionString, beside)).catch((error) => {
    throw explainServerError(error, target)
  })
}

async function lock(admin: Client, name: string): Promise<void> {
  const { rows } = await admin.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked`,
    [`manybase restore of ${name}`],
  )
  if (!rows[0]?.locked) throw restoreUnderWay({ database: name })
}

/** PostgreSQL cuts names to this many bytes, and a cut one could be another's. */
const longestName = 63

/** `socrates_auth_restore_20261121155148`. */
export function besideName(name: string, word: 'restore' | 'before_restore', stamp: string): string {
  const ending = `_${word}_${stamp}`
  return `${cut(name, longestName - ending.length)}${ending}`
}

function cut(name: string, bytes: number): string {
  let text = name
  while (Buffer.byteLength(text) > bytes) text = text.slice(0, -1)
  return text
}

/** `20261121155148`, in UTC: now, or the first second after it of which no database beside these has its name. */
export async function freeStamp(sites: readonly Site[]): Promise<string> {
  for (let time = Date.now(); ; time += 1_000) {
    const stamp = new Date(time).toISOString().slice(0, 19).replaceAll(/\D/g, '')
    const taken = await Promise.all(sites.map((site) => isTaken(site, stamp)))
    if (!taken.includes(true)) return stamp
  }
}

async function isTaken({ admin, name }: Site, stamp: string): Promise<boolean> {
  const names = [besideName(name, 'restore', stamp), besideName(name, 'before_restore', stamp)]
  const { rows } = await admin.query('SELECT FROM pg_database WHERE datname = ANY ($1)', [names])
  return rows.length > 0
}

async function leftoversOf(admin: Client, name: string): Promise<readonly string[]> {
  const beginning = besideName(name, 'restore', '0'.repeat(14)).slice(0, -14)
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
      WHERE starts_with(datname, $1) AND substr(datname, length($1) + 1) ~ '^[0-9]{14}$' AND pg_has_role(datdba, 'USAGE')`,
    [beginning],
  )
  return rows.map((row) => row.name)
}

export const dropDatabase = (admin: Client, name: string): Promise<void> =>
  drop((sql) => admin.query(sql), name)

/** What is replaced gets another name, and only its owner may give it one. */
async function assertAllowed(
  admin: Client,
  { name, targets }: PhysicalDatabase,
  replaces: boolean,
): Promise<boolean> {
  const { database, user } = targets[0].connection
  const { rows } = await admin.query<{ creates: boolean; owns: boolean | null }>(
    `SELECT rolcreatedb OR rolsuper AS creates,
            (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = $1) AS owns
       FROM pg_roles WHERE rolname = current_user`,
    [database],
  )
  const { creates = false, owns = null } = rows[0] ?? {}
  if (!creates) throw restoreForbidden({ database: name, user, problem: 'may not create databases' })
  if (owns === false && replaces)
    throw restoreForbidden({ database: name, user, problem: 'does not own the database' })
  return owns !== null
}

/** Who keeps a database from being renamed, in words. */
export async function usersOf({ admin, name }: Site): Promise<readonly string[]> {
  const { rows } = await admin.query<{ who: string }>(
    `SELECT 'process ' || pid || ', ' || coalesce(nullif(application_name, ''), 'no application name')
            || coalesce(' of ' || usename, '') AS who
       FROM pg_stat_activity WHERE datname = $1
        AND backend_type NOT IN ('autovacuum worker', 'parallel worker')
      UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts WHERE database = $1 ORDER BY 1`,
    [name],
  )
  return rows.map(({ who }) => who)
}

/** @throws `restore.in-use` */
export async function assertUnused(site: Site): Promise<void> {
  const users = await usersOf(site)
  if (users.length > 0) throw databaseInUse({ database: site.name, users })
}

import type { Client } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import { withDatabase } from '../catalog/url.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import type { ServerFacts } from './manifest.ts'
import type { PhysicalDatabase } from './physical.ts'

/** A connection that sees one moment of a database. */
export interface Reader {
  readonly client: Client
  readonly database: PhysicalDatabase
  readonly takenAt: string
  readonly server: ServerFacts
  readonly snapshot: { readonly lsn: string; readonly xmin: string; readonly id: string }
}

/**
 * What the form of a COPY stream depends on, alike for writing, loading and comparing. Of the timeouts none is
 * meant for work that takes as long as there are rows.
 */
export const copySettings = `
SET datestyle = 'ISO, YMD'; SET intervalstyle = postgres; SET timezone = 'UTC'; SET extra_float_digits = 3;
SET bytea_output = hex; SET xmloption = content; SET client_encoding = 'UTF8'; SET search_path = '';
SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET row_security = off; SET default_transaction_isolation = 'read committed'`

/** Opens a connection for COPY. @throws `server.*`, `database.missing` */
export async function connectForCopy(target: Target, database?: string): Promise<Client> {
  const { connectionString } = target.connection
  const url = database === undefined ? connectionString : withDatabase(connectionString, database)
  const client = await connect(url).catch((error) => {
    throw explainServerError(error, target)
  })
  await client.query(copySettings)
  return client
}

/** Takes the snapshot; nothing that commits from here on is seen. */
export async function openReader(database: PhysicalDatabase): Promise<Reader> {
  const client = await connectForCopy(database.targets[0])
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return { client, database, ...(await readFacts(client)) }
  } catch (error) {
    await client.end()
    throw explainServerError(error, database.targets[0])
  }
}

interface Row {
  readonly takenAt: string
  readonly version: string
  readonly number: number
  readonly lsn: string
  readonly xmin: string
  readonly id: string
  readonly encoding: string
  readonly provider: string
  readonly collate: string
  readonly ctype: string
  readonly locale: string | null
}

async function readFacts(client: Client): Promise<Pick<Reader, 'takenAt' | 'server' | 'snapshot'>> {
  const { rows } = await client.query<Row>(
    `SELECT to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "takenAt",
            current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
            (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS lsn,
            pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, pg_export_snapshot() AS id, ${localeColumns}
       FROM pg_database d WHERE datname = current_database()`,
  )
  const [row] = rows
  if (!row) throw new Error('pg_database does not show the own database')
  const { takenAt, version, number, lsn, xmin, id, encoding, provider, collate, ctype, locale } = row
  return {
    takenAt,
    server: {
      version: version.split(' ', 1)[0] ?? version,
      major: Math.floor(number / 10_000),
      locale: { encoding, provider, collate, ctype, locale },
    },
    snapshot: { lsn, xmin, id },
  }
}

/** Of `pg_database d`. The locale's column has another name since PostgreSQL 17. */
export const localeColumns = `
  pg_encoding_to_char(d.encoding) AS encoding, d.datlocprovider::text AS provider, d.datcollate::text AS collate,
  d.datctype::text AS ctype, coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') AS locale`

import type { Client } from 'pg'
import type { RoleFacts, ServerFacts, WraparoundFacts } from '../facts.ts'

/** One row: what the server says of itself and of the role. */
const selectGeneral = `
SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_version') AS text,
       pg_is_in_recovery() AS standby,
       current_setting('default_transaction_read_only') = 'on' AS "readOnly",
       current_user::text AS name, r.rolsuper AS superuser,
       r.rolsuper OR pg_has_role('pg_read_all_stats', 'USAGE') AS "seesAll",
       to_regnamespace(quote_ident($1)) IS NOT NULL AS "schemaExists",
       coalesce(has_schema_privilege(to_regnamespace(quote_ident($1))::oid, 'CREATE'), false) AS "createInSchema",
       has_database_privilege(current_database(), 'CREATE') AS "createInDatabase",
       age(d.datfrozenxid)::float8 AS transactions, mxid_age(d.datminmxid)::float8 AS multixacts,
       current_setting('autovacuum_freeze_max_age')::float8 AS "transactionLimit",
       current_setting('autovacuum_multixact_freeze_max_age')::float8 AS "multixactLimit",
       pg_database_size(d.oid)::float8 AS "databaseBytes"
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`

type General = ServerFacts['version'] &
  RoleFacts &
  WraparoundFacts & {
    readonly standby: boolean
    readonly readOnly: boolean
    readonly seesAll: boolean
    readonly databaseBytes: number
  }

/** What can be asked in one row. @param schema the history's PostgreSQL schema */
export async function readGeneral(client: Client, schema: string): Promise<General> {
  const { rows } = await client.query<General>(selectGeneral, [schema])
  const [row] = rows
  if (!row) throw new Error('the server shows neither the own role nor the own database')
  return row
}

const lists = {
  transactions: `
SELECT pid, coalesce(application_name, '') AS application, coalesce(usename::text, '') AS "user",
       coalesce(state, '') AS state, extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
   AND xact_start < clock_timestamp() - $1 * interval '1 millisecond'
 ORDER BY xact_start`,
  prepared: `
SELECT gid AS name, extract(epoch FROM clock_timestamp() - prepared)::float8 AS seconds
  FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared`,
  standbys: `
SELECT coalesce(application_name, '') AS name, coalesce(state, '') AS state,
       pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 AS "lagBytes",
       extract(epoch FROM replay_lag)::float8 AS "lagSeconds"
  FROM pg_stat_replication WHERE NOT pg_is_in_recovery() ORDER BY 1`,
  slots: `
SELECT slot_name::text AS name, active, wal_status AS "walStatus",
       CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 END AS "retainedBytes"
  FROM pg_replication_slots WHERE NOT temporary ORDER BY 1`,
  invalidIndexes: `
SELECT indexrelid::regclass::text AS index, indrelid::regclass::text AS table FROM pg_index
 WHERE NOT indisvalid AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index) ORDER BY 1`,
  unvalidated: `
SELECT conname::text AS constraint, conrelid::regclass::text AS table FROM pg_constraint
 WHERE NOT convalidated AND conrelid <> 0 ORDER BY 2, 1`,
  connections: `
SELECT used, available, "limit" FROM (
  SELECT (SELECT sum(numbackends) FROM pg_stat_database)::float8 AS used,
         (SELECT sum(setting::int * CASE name WHEN 'max_connections' THEN 1 ELSE -1 END) FROM pg_settings
           WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections'))::float8 AS available,
         'max_connections of the server' AS "limit"
  UNION ALL
  SELECT (SELECT numbackends FROM pg_stat_database s WHERE s.datid = d.oid), d.datconnlimit, 'the limit of the database'
    FROM pg_database d WHERE d.datname = current_database() AND d.datconnlimit >= 0
  UNION ALL
  SELECT (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid), r.rolconnlimit, 'the limit of the role'
    FROM pg_roles r WHERE r.rolname = current_user AND r.rolconnlimit >= 0
) c ORDER BY available - used LIMIT 1`,
} as const

/** What comes in lists. @param longTransaction in milliseconds */
export async function readLists(client: Client, longTransaction: number) {
  const ask = async <K extends keyof ServerFacts>(sql: string, values: readonly unknown[] = []) =>
    (
      await client.query<ServerFacts[K] extends readonly (infer Row extends object)[] ? Row : never>(sql, [
        ...values,
      ])
    ).rows
  const [tightest] = (await client.query<ServerFacts['connections']>(lists.connections)).rows
  if (!tightest) throw new Error('the server shows no limit of connections')
  return {
    transactions: await ask<'transactions'>(lists.transactions, [longTransaction]),
    prepared: await ask<'prepared'>(lists.prepared),
    standbys: await ask<'standbys'>(lists.standbys),
    slots: await ask<'slots'>(lists.slots),
    invalidIndexes: await ask<'invalidIndexes'>(lists.invalidIndexes),
    unvalidated: await ask<'unvalidated'>(lists.unvalidated),
    connections: tightest,
  }
}

/** The extensions that scripts create, as this server has them. */
export async function readExtensions(
  client: Client,
  names: readonly string[],
): Promise<ServerFacts['extensions']> {
  const { rows } = await client.query<ServerFacts['extensions'][number]>(
    `SELECT w.name, a.name IS NOT NULL AS available, e.oid IS NOT NULL AS installed,
            coalesce((SELECT bool_or(v.trusted) FROM pg_available_extension_versions v WHERE v.name = w.name), false) AS trusted
       FROM unnest($1::text[]) AS w (name)
       LEFT JOIN pg_available_extensions a ON a.name = w.name LEFT JOIN pg_extension e ON e.extname = w.name`,
    [names],
  )
  return rows
}

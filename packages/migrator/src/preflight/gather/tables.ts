import { errorCode } from '@manybase/failure'
import { type Client, escapeIdentifier } from 'pg'
import type { HolderFacts } from '../facts.ts'
import type { ColumnNow } from '../statements/danger.ts'
import { conflict, fromPgLocks } from '../statements/lock-mode.ts'
import type { TableName } from '../statements/names.ts'
import type { Touch } from '../statements/touched.ts'

/** A touched table that is there. */
export interface TableState extends Touch {
  /** As SQL writes it. */
  readonly name: string
  readonly owner: string
  readonly mayAlter: boolean
  readonly rows: number
  readonly bytes: number
  readonly filled: boolean
  readonly columns: ReadonlyMap<string, ColumnNow>
  readonly holders: readonly HolderFacts[]
}

/**
 * Sizes come from the statistics: PostgreSQL's own functions for them wait behind whoever holds the table. A
 * partitioned table has the rows of its partitions.
 */
const selectTables = `
SELECT w.position::int AS position, c.oid::int8::text AS oid, c.oid::regclass::text AS name,
       pg_get_userbyid(c.relowner) AS owner, pg_has_role(c.relowner, 'USAGE') AS "mayAlter",
       s.rows::float8 AS rows, s.bytes::float8 AS bytes
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (schema, name, position)
  JOIN pg_namespace n ON n.nspname = w.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p', 'm', 'f')
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(p.reltuples, pg_stat_get_live_tuples(p.oid), 0)), 0) AS rows,
           coalesce(sum(p.relpages + coalesce(t.relpages, 0) + coalesce(i.pages, 0)), 0) * current_setting('block_size')::int AS bytes
      FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) AS parts (oid)
      JOIN pg_class p ON p.oid = parts.oid
      LEFT JOIN pg_class t ON t.oid = p.reltoastrelid
      LEFT JOIN LATERAL (SELECT sum(x.relpages) AS pages FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                          WHERE i.indrelid = p.oid) i ON true
     WHERE p.relkind <> 'p'
  ) s`

const selectColumns = `
SELECT a.attrelid::int8::text AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS required,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'c' AND k.convalidated
                 AND pg_get_constraintdef(k.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)) AS "checkedNotNull"
  FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`

const selectHolders = `
SELECT l.relation::int8::text AS oid, l.pid, l.mode, coalesce(a.application_name, '') AS application,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds
  FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'relation' AND l.relation = ANY ($1::oid[]) AND l.granted AND l.pid <> pg_backend_pid()
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY a.xact_start`

interface Row {
  readonly position: number
  readonly oid: string
  readonly name: string
  readonly owner: string
  readonly mayAlter: boolean
  readonly rows: number
  readonly bytes: number
}

/** The state of the touched tables that are there. */
export async function readTables(client: Client, touched: readonly Touch[]): Promise<readonly TableState[]> {
  if (touched.length === 0) return []
  const names = [touched.map(({ schema }) => schema), touched.map(({ table }) => table)]
  const { rows: found } = await client.query<Row>(selectTables, names)
  const oids = [found.map(({ oid }) => oid)]
  const { rows: columns } = await client.query<{ oid: string; name: string } & ColumnNow>(selectColumns, oids)
  const { rows: holders } = await client.query<{ oid: string } & HolderFacts>(selectHolders, oids)
  const states: TableState[] = []
  for (const { position, oid, ...row } of found) {
    const touch = touched[position - 1]
    if (!touch) continue
    states.push({
      ...touch,
      ...row,
      filled: (await isFilled(client, touch)) ?? row.rows > 0,
      columns: new Map(
        columns.filter((each) => each.oid === oid).map(({ name, oid: _, ...column }) => [name, column]),
      ),
      holders: holders
        .filter((each) => each.oid === oid && standsInTheWay(each.mode, touch))
        .map(({ oid: _, ...holder }) => holder),
    })
  }
  return states
}

function standsInTheWay(mode: string, { lock }: Touch): boolean {
  const held = fromPgLocks(mode)
  return held !== undefined && conflict(lock, held)
}

/** Nobody wants to stand in line for that, in milliseconds. */
const patience = 500
/** Locked, too slow, or not for this role. */
const untold = ['55P03', '57014', '42501']

async function isFilled(client: Client, { schema, table }: TableName): Promise<boolean | undefined> {
  const name = [schema, table].map(escapeIdentifier).join('.')
  try {
    await client.query(
      `BEGIN READ ONLY; SET LOCAL lock_timeout = ${patience}; SET LOCAL statement_timeout = ${patience}`,
    )
    const { rows } = await client.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS filled`)
    return rows[0]?.filled
  } catch (error) {
    if (!untold.includes(errorCode(error) ?? '')) throw error
    return undefined
  } finally {
    await client.query('ROLLBACK')
  }
}

/** Those of the functions that give another value for each row. */
export async function readVolatile(client: Client, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT proname::text AS name FROM pg_proc WHERE provolatile = 'v' AND proname = ANY ($1)`,
    [names],
  )
  return new Set(rows.map(({ name }) => name))
}

import { errorCode } from '@manybase/failure'
import { type Client, escapeIdentifier } from 'pg'
import type { Count } from './loss.ts'

/** Nobody wants to wait longer for an exact number, nor to stand in line for a lock. */
const patience = 500

/** Too slow (or behind a lock): the statistics know roughly. No such table, no such column: nothing to lose. */
const [canceled, lockTimeout] = ['57014', '55P03']
const nothingThere = ['42P01', '42703', '3F000']

/**
 * Counts a table's rows, or a column's values. Exact when that is quick, else from the statistics; undefined
 * where there is no such thing.
 */
export async function countRows(client: Client, table: string, column?: string): Promise<Count | undefined> {
  const counted = column === undefined ? '*' : escapeIdentifier(column)
  try {
    await client.query(
      `BEGIN READ ONLY; SET LOCAL statement_timeout = ${patience}; SET LOCAL lock_timeout = ${patience}`,
    )
    const { rows } = await client.query<{ count: string }>(`SELECT count(${counted}) FROM ${table}`)
    return { number: Number(rows[0]?.count ?? 0), estimated: false }
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (nothingThere.includes(code)) return undefined
    if (code !== canceled && code !== lockTimeout) throw error
  } finally {
    await client.query('ROLLBACK')
  }
  return await estimateRows(client, table, column)
}

async function estimateRows(client: Client, table: string, column?: string): Promise<Count> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT round(greatest(c.reltuples, 0) * (1 - coalesce(s.stanullfrac, 0)))::float8 AS number
       FROM pg_class c
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2
            LEFT JOIN LATERAL (SELECT null_frac AS stanullfrac FROM pg_stats
                                WHERE schemaname = c.relnamespace::regnamespace::name AND tablename = c.relname
                                  AND attname = a.attname LIMIT 1) s ON true
      WHERE c.oid = to_regclass($1)`,
    [table, column ?? null],
  )
  return { number: rows[0]?.number ?? 0, estimated: true }
}

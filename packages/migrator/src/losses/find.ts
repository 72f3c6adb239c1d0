import { splitStatements } from '@manybase/schema-engine/split'
import { type Client, escapeIdentifier } from 'pg'
import type { Target } from '../catalog/resolve.ts'
import type { Job } from '../execute/job.ts'
import { connect } from '../server/session.ts'
import { countRows } from './count.ts'
import type { Loss } from './loss.ts'
import { readTaken, type Taken } from './read.ts'

interface TakenBy {
  readonly taken: Taken
  readonly revision: string
}

/**
 * Finds out what undoing takes away, with the numbers of rows as they are now. A script that can't be parsed
 * is left to PostgreSQL, which will refuse it.
 */
export async function findLosses(jobs: readonly Job[], targets: readonly Target[]): Promise<readonly Loss[]> {
  const losses = targets.map(async (target) => {
    const own = jobs.filter(({ step }) => step.database === target.name)
    const taken = (await Promise.all(own.map(takenBy))).flat()
    if (taken.length === 0) return []
    const client = await connect(target.connection.connectionString)
    try {
      await client.query(`SET search_path = ${escapeIdentifier(target.connection.schema)}`)
      return await measure(client, target.name, taken)
    } finally {
      await client.end()
    }
  })
  return (await Promise.all(losses)).flat()
}

async function takenBy({ step, script }: Job): Promise<readonly TakenBy[]> {
  const statements = await splitStatements(script).catch(() => [])
  return statements
    .flatMap(({ tree }) => readTaken(tree))
    .map((taken) => ({ taken, revision: step.revision.name }))
}

async function measure(client: Client, database: string, all: readonly TakenBy[]): Promise<readonly Loss[]> {
  const tables = new Set<string>()
  for (const { taken } of all) {
    if (taken.kind === 'table') tables.add(taken.table)
    if (taken.kind === 'schema') for (const table of await tablesIn(client, taken.schema)) tables.add(table)
  }
  const losses: Loss[] = []
  for (const table of tables) {
    const count = await countRows(client, table)
    if (count) losses.push({ kind: 'table', database, table, count })
  }
  const told = new Set<string>()
  for (const { taken, revision } of all) {
    // Of a table that goes altogether, columns and rows need no word.
    if ('table' in taken && tables.has(taken.table)) continue
    const key = JSON.stringify(taken.kind === 'unreadable' ? [revision, taken] : taken)
    if (told.has(key)) continue
    told.add(key)
    const loss = await measureOne(client, database, taken, revision)
    if (loss) losses.push(loss)
  }
  return losses
}

async function measureOne(
  client: Client,
  database: string,
  taken: Taken,
  revision: string,
): Promise<Loss | undefined> {
  switch (taken.kind) {
    case 'unreadable':
      return { kind: 'unreadable', database, revision, code: taken.code }
    case 'function': {
      const mayDelete = await isOwnAndVolatile(client, taken.name)
      return mayDelete ? { kind: 'unreadable', database, revision, code: `${taken.name}()` } : undefined
    }
    case 'rows': {
      const count = await countRows(client, taken.table)
      return count && { kind: 'rows', database, table: taken.table, count }
    }
    case 'column': {
      const { table, column } = taken
      const count = await countRows(client, table, column)
      return count && { kind: 'column', database, table, column, count }
    }
    default:
      return undefined
  }
}

/** Those that PostgreSQL brings along, or that can change nothing, take nothing. */
async function isOwnAndVolatile(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_proc p, parse_ident($1) AS name
      WHERE p.provolatile = 'v' AND p.oid >= 16384 AND p.proname = name[cardinality(name)]
        AND CASE cardinality(name) WHEN 1 THEN pg_function_is_visible(p.oid)
                 ELSE p.pronamespace = to_regnamespace(quote_ident(name[1])) END`,
    [name],
  )
  return rows.length > 0
}

async function tablesIn(client: Client, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
      WHERE relkind IN ('r', 'p', 'm') AND NOT relispartition AND relnamespace = to_regnamespace($1) ORDER BY 1`,
    [schema],
  )
  return rows.map(({ name }) => name)
}

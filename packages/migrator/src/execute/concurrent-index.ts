import type { Statement } from '@manybase/schema-engine/split'
import { type Client, escapeIdentifier } from 'pg'
import { type ConcurrentIndex, dropsConcurrently, readConcurrentIndex } from '../sql-script/concurrently.ts'
import { indexDifferent } from './failures.ts'

/**
 * Looks at the database before a statement that knows no transaction, since an earlier run may have left it
 * done, or half done. Returns whether it is to be run.
 *
 * - An INVALID index that `CREATE INDEX CONCURRENTLY` left is dropped, when its definition is the same.
 * - When the last run was killed at this very statement (`uncertain`), a valid index of the same definition
 *   is its work, and so is an index that is gone for `DROP INDEX CONCURRENTLY`.
 * - `IF NOT EXISTS` passes over a valid index of any definition, as PostgreSQL does.
 * @throws `index.different` for an INVALID or unexpected index of the same name and another definition
 */
export async function isToRun(client: Client, statement: Statement, uncertain: boolean): Promise<boolean> {
  if (dropsConcurrently(statement)) return !uncertain || (await isThere(client, statement))
  const index = await readConcurrentIndex(statement)
  if (!index) return true
  const found = await findIndexes(client, index)
  if (found.every(({ valid }) => valid) && !uncertain) return true
  const wanted = found.length > 0 ? await definitionOf(client, index) : ''
  for (const { oid, name, valid, definition } of found) {
    const same = definition === wanted
    if (!same && index.name === undefined) continue
    if (!same && valid && index.ifNotExists) return true
    if (!same) throw indexDifferent({ index: name, found: definition, wanted })
    if (valid && uncertain) return false
    if (!valid) await client.query(`DROP INDEX CONCURRENTLY ${await nameOf(client, oid)}`)
  }
  return true
}

interface FoundIndex {
  readonly oid: number
  readonly name: string
  readonly valid: boolean
  /** From USING on, as PostgreSQL prints it. */
  readonly definition: string
}

/** What PostgreSQL prints of an index, without the names of index and table. */
const definition = `
  CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END ||
  substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' USING ' || am.amname || ' (') + 1)`

const indexes = `
  pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
 WHERE i.indrelid = to_regclass($1)`

/** Those of the table with that name; where PostgreSQL chose the name, any of them. */
async function findIndexes(client: Client, { table, name }: ConcurrentIndex): Promise<readonly FoundIndex[]> {
  const { rows } = await client.query<FoundIndex>(
    `SELECT i.indexrelid AS oid, c.relname AS name, i.indisvalid AS valid, ${definition} AS definition
       FROM ${indexes} AND ($2::text IS NULL OR c.relname = $2) ORDER BY i.indexrelid`,
    [table, name ?? null],
  )
  return rows
}

/**
 * How PostgreSQL itself prints the index of the statement: it makes it on an empty copy of the table, in a
 * transaction that is rolled back.
 */
async function definitionOf(client: Client, index: ConcurrentIndex): Promise<string> {
  const clone = 'manybase_clone'
  await client.query('BEGIN')
  try {
    await client.query(`CREATE TEMP TABLE ${clone} (LIKE ${index.table})`)
    await client.query(index.onTable(`pg_temp.${clone}`, 'manybase_clone_index'))
    const { rows } = await client.query<{ definition: string }>(
      `SELECT ${definition} AS definition FROM ${indexes}`,
      [`pg_temp.${clone}`],
    )
    return rows[0]?.definition ?? ''
  } finally {
    await client.query('ROLLBACK')
  }
}

async function nameOf(client: Client, oid: number): Promise<string> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`,
    [oid],
  )
  return rows.map(({ schema, name }) => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`).join()
}

/** `DROP INDEX CONCURRENTLY` takes exactly one name. */
async function isThere(client: Client, { tree }: Statement): Promise<boolean> {
  const [object] = ('DropStmt' in tree && tree.DropStmt.objects) || []
  const parts = object && 'List' in object ? (object.List.items ?? []) : []
  const name = parts
    .flatMap((part) => ('String' in part && part.String.sval !== undefined ? [part.String.sval] : []))
    .map(escapeIdentifier)
    .join('.')
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    name,
  ])
  return rows[0]?.there ?? false
}

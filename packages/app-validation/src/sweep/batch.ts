import { literal } from '../install/sql.ts'
import type { ReferencingColumn } from './link.ts'

/**
 * The statement that takes a referential action on at most `$4` rows that name one of the ids `$3`, and adds up
 * in `integrity.swept` what it did, so that the counts live and die with the deeds.
 *
 * Rows are found by their place and their id is rechecked when they are locked, since a row that changed meanwhile
 * may name somebody else. The tombstones are locked, and rows are touched only for those that still stand and
 * are not swept yet: a sweeper that slept through a `revive` does nothing.
 *
 * Nobody waits until its commit is durable: what a crash undoes is done again, since the tombstones are marked later,
 * by a commit that is waited for and takes this one along.
 *
 * Parameters: `$1` source, `$2` target, `$3` ids as `text[]`, `$4` rows at most.
 * Result: `found` rows that named such an id, `rows` of them changed.
 */
export function batchStatement(column: ReferencingColumn): string {
  return `WITH victim AS MATERIALIZED (
    SELECT t.tableoid AS part, t.ctid AS place, t.${column.column} AS value
      FROM ${column.table} AS t
     WHERE t.${column.column} = ANY (ARRAY(SELECT id::${column.type} FROM integrity.tombstone WHERE ${pending} AND id = ANY ($3)))
     LIMIT $4
  ), standing AS MATERIALIZED (
    SELECT id, id::${column.type} AS value FROM integrity.tombstone
     WHERE ${pending} AND id = ANY (ARRAY(SELECT value::text FROM victim GROUP BY value)) FOR SHARE
  ), done AS (
    ${change(column)} victim AS v JOIN standing USING (value)
     WHERE t.ctid = v.place AND t.tableoid = v.part AND t.${column.column} = v.value
    RETURNING v.value
  ), counted AS (
    SELECT value, count(*) AS rows FROM done GROUP BY value
  ), noted AS (
    INSERT INTO integrity.swept AS s (source, target, id, reference, rows)
    SELECT $1, $2, value::text, ${literal(column.name)}, rows FROM counted
    ON CONFLICT (source, target, id, reference) DO UPDATE SET rows = s.rows + excluded.rows
  )
  SELECT (SELECT count(*) FROM victim)::integer AS found,
         (SELECT coalesce(sum(rows), 0) FROM counted)::integer AS rows,
         set_config('synchronous_commit', 'off', true)`
}

const pending = 'source = $1 AND target = $2 AND swept_at IS NULL'

/** What is done to a row `t`, up to the FROM or USING that says which. */
const change = ({ table, column, onDelete }: ReferencingColumn): string =>
  onDelete === 'Cascade'
    ? `DELETE FROM ${table} AS t USING`
    : `UPDATE ${table} AS t SET ${column} = NULL FROM`

/**
 * The statement that takes a referential action on every row that names one of the ids `$1`. For ids whose rows are
 * counted, few enough for one statement, and can't become more.
 */
export const actionStatement = ({ table, column, type, onDelete }: ReferencingColumn): string =>
  `${onDelete === 'Cascade' ? `DELETE FROM ${table} AS t` : `UPDATE ${table} AS t SET ${column} = NULL`}
    WHERE t.${column} = ANY ($1::text[]::${type}[])`

/** How many rows of each column still name one of the ids `$1`, as `reference`, `id` and `rows`. */
export function countStatement(columns: readonly ReferencingColumn[]): string {
  return columns
    .map(
      ({ name, table, column, type }) =>
        `SELECT ${literal(name)} AS reference, t.${column}::text AS id, count(*)::integer AS rows
           FROM ${table} AS t WHERE t.${column} = ANY ($1::text[]::${type}[]) GROUP BY t.${column}`,
    )
    .join('\nUNION ALL\n')
}

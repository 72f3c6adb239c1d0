import { errorCode, errorMessage } from '@manybase/failure'
import type { Sql } from '../sweep/sql.ts'
import type { RepairAction } from './action.ts'
import { repairBlocked } from './failures.ts'
import { copyToQuarantine, type Repair } from './quarantine.ts'

/** What a step of a repair came to. */
export interface Taken {
  /** Rows that named one of the ids. */
  readonly rows: number
  /** Rows that lie in the quarantine now, those that went with them included. */
  readonly kept: number
}

/** not_null_violation, foreign_key_violation, check_violation, restrict_violation: the action doesn't fit. */
const refusals = ['23502', '23503', '23514', '23001']

/**
 * Takes one action on the rows that name one of the ids, in the transaction of the session.
 * @param erased those of the ids that were deleted: what is left of them is not kept
 * @throws `repair.blocked`
 */
export async function takeOut(
  b: Sql,
  repair: Repair,
  action: RepairAction,
  ids: readonly string[],
  erased: ReadonlySet<string>,
): Promise<Taken> {
  const kept = ids.filter((id) => !erased.has(id))
  const reference = repair.column.name
  try {
    const taken =
      action === 'set-null' ? await empty(b, repair, ids, kept) : await remove(b, repair, action, ids, kept)
    if (await isNamed(b, repair, ids)) {
      throw repairBlocked({
        reference,
        reason: 'A trigger or a rule keeps the rows, or a policy hides them.',
      })
    }
    return taken
  } catch (error) {
    if (!refusals.includes(errorCode(error) ?? '')) throw error
    throw repairBlocked({ reference, reason: `The database refuses: ${errorMessage(error)}.` }, error)
  }
}

const naming = ({ column }: Repair) => `t.${column.column} = ANY ($1::text[]::${column.type}[])`

async function empty(
  b: Sql,
  repair: Repair,
  ids: readonly string[],
  kept: readonly string[],
): Promise<Taken> {
  const { run, source, column } = repair
  const noted = await b.query(
    `INSERT INTO integrity.quarantine (run, source, target, id, schema_name, table_name, column_name, action, row_data)
     SELECT $2::uuid, $3, $4, t.id, n.nspname, k.relname, a.attname, 'nulled', t.row_data
       FROM (SELECT t.${column.column}::text AS id, to_jsonb(t) AS row_data FROM ${column.table} AS t
              WHERE ${naming(repair)} FOR UPDATE) AS t,
            pg_class AS k JOIN pg_namespace AS n ON n.oid = k.relnamespace
            JOIN pg_attribute AS a ON a.attrelid = k.oid AND '"' || replace(a.attname, '"', '""') || '"' = $6
      WHERE k.oid = $5::regclass`,
    [kept, run, source, column.target, column.table, column.column],
  )
  const { rowCount } = await b.query(
    `UPDATE ${column.table} AS t SET ${column.column} = NULL WHERE ${naming(repair)}`,
    [ids],
  )
  return { rows: rowCount ?? 0, kept: noted.rowCount ?? 0 }
}

/** What was copied and what went have to agree: a trigger may delete what no foreign key shows. */
async function remove(
  b: Sql,
  repair: Repair,
  action: RepairAction,
  ids: readonly string[],
  kept: readonly string[],
): Promise<Taken> {
  const { column } = repair
  const deleteNaming = async (which: readonly string[]) =>
    (await b.query(`DELETE FROM ${column.table} AS t WHERE ${naming(repair)}`, [which])).rowCount ?? 0
  if (action === 'delete' || kept.length === 0) return { rows: await deleteNaming(ids), kept: 0 }
  const copied = await copyToQuarantine(b, repair, kept)
  const before = await countDeleted(b)
  const moved = await deleteNaming(kept)
  const after = await countDeleted(b)
  if (before !== null && after !== null && after - before !== copied) {
    const reason = `${copied} rows were copied and ${after - before} went: a trigger deletes more, or holds some back.`
    throw repairBlocked({ reference: column.name, reason })
  }
  return { rows: moved + (await deleteNaming(ids)), kept: copied }
}

/** Rows that this session has deleted; null where the server doesn't count. */
async function countDeleted(b: Sql): Promise<number | null> {
  const { rows } = await b.query<{ deleted: number | null }>(
    `SELECT CASE WHEN current_setting('track_counts')::boolean THEN sum(n_tup_del)::float8 END AS deleted
       FROM pg_stat_xact_user_tables`,
  )
  return rows[0]?.deleted ?? null
}

async function isNamed(b: Sql, repair: Repair, ids: readonly string[]): Promise<boolean> {
  const { rows } = await b.query(`SELECT FROM ${repair.column.table} AS t WHERE ${naming(repair)} LIMIT 1`, [
    ids,
  ])
  return rows.length > 0
}

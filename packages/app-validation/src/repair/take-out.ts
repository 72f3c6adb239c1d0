import { errorCode, errorMessage } from '@manybase/failure'
import type { Sql } from '../sweep/sql.ts'
import type { RepairAction } from './action.ts'
import { repairBlocked } from './failures.ts'
import { copyToQuarantine, type Repair } from './quarantine.ts'
import { copiedColumns, rowAsText, writeTextsPlainly } from './row-text.ts'
import { picked, pickVictims } from './victims.ts'

/** What a step of a repair came to. */
export interface Taken {
  /** Rows that named one of the ids. */
  readonly rows: number
  /** Rows that lie in the quarantine now, those that went with them included. */
  readonly kept: number
}

/** What an action is taken on. */
export interface Order {
  readonly action: RepairAction
  readonly ids: readonly string[]
  /** Those of the ids that were deleted: what is left of them is not kept. */
  readonly erased: ReadonlySet<string>
  /** Rows at most; others are left for another transaction. */
  readonly limit: number
}

/** not_null_violation, foreign_key_violation, check_violation, restrict_violation: the action doesn't fit. */
const refusals = ['23502', '23503', '23514', '23001']

/**
 * Takes one action on rows that name one of the ids, in the transaction of the session.
 * @throws `repair.blocked`
 */
export async function takeOut(b: Sql, repair: Repair, order: Order): Promise<Taken> {
  const reference = repair.column.name
  try {
    await writeTextsPlainly(b)
    const found = await pickVictims(b, repair, order.ids, order.erased, order.limit)
    const taken = order.action === 'set-null' ? await empty(b, repair) : await remove(b, repair, order.action)
    const isAll = found < order.limit
    if (taken.rows !== found || (isAll && (await isNamed(b, repair, order.ids)))) {
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

async function empty(b: Sql, { run, source, column }: Repair): Promise<Taken> {
  const row = rowAsText(b, 't', await copiedColumns(b, column.table))
  const noted = await b.query(
    `INSERT INTO integrity.quarantine (run, source, target, id, schema_name, table_name, column_name, action, row_data)
     SELECT $2::uuid, $3, $4, t.id, n.nspname, k.relname, a.attname, 'nulled', t.row_data
       FROM (SELECT r.id, ${row} AS row_data FROM ${column.table} AS t, ${picked} AND r.depth = 0) AS t,
            pg_class AS k JOIN pg_namespace AS n ON n.oid = k.relnamespace
            JOIN pg_attribute AS a ON a.attrelid = k.oid AND '"' || replace(a.attname, '"', '""') || '"' = $5
      WHERE k.oid = $1::regclass`,
    [column.table, run, source, column.target, column.column],
  )
  const { rows } = await b.query<{ emptied: number }>(
    `WITH done AS (UPDATE ${column.table} AS t SET ${column.column} = NULL FROM ${picked} RETURNING t.${column.column} AS id)
     SELECT count(*)::integer AS emptied FROM done WHERE id IS NULL`,
    [column.table],
  )
  return { rows: rows[0]?.emptied ?? 0, kept: noted.rowCount ?? 0 }
}

/** What was copied and what went have to agree: a trigger may delete what no foreign key shows. */
async function remove(b: Sql, repair: Repair, action: RepairAction): Promise<Taken> {
  const { column } = repair
  const deletePicked = async (which = 'true') =>
    (await b.query(`DELETE FROM ${column.table} AS t USING ${picked} AND ${which}`, [column.table]))
      .rowCount ?? 0
  if (action === 'delete') return { rows: await deletePicked(), kept: 0 }
  const copied = await copyToQuarantine(b, repair)
  const before = await countDeleted(b)
  const moved = await deletePicked('r.depth = 0')
  const after = await countDeleted(b)
  if (before !== null && after !== null && after - before !== copied) {
    const reason = `${copied} rows were copied and ${after - before} went: a trigger deletes more, or holds some back.`
    throw repairBlocked({ reference: column.name, reason })
  }
  return { rows: moved + (await deletePicked('r.depth = -1')), kept: copied }
}

/** Rows that this session has deleted; null where the server doesn't count. */
async function countDeleted(b: Sql): Promise<number | null> {
  const { rows } = await b.query<{ deleted: number | null }>(
    `SELECT CASE WHEN current_setting('track_counts')::boolean THEN sum(n_tup_del)::float8 END AS deleted
       FROM pg_stat_xact_user_tables`,
  )
  return rows[0]?.deleted ?? null
}

async function isNamed(b: Sql, { column }: Repair, ids: readonly string[]): Promise<boolean> {
  const { rows } = await b.query(
    `SELECT FROM ${column.table} AS t WHERE t.${column.column} = ANY ($1::text[]::${column.type}[]) LIMIT 1`,
    [ids],
  )
  return rows.length > 0
}

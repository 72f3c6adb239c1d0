import { literal } from '../install/sql.ts'
import type { ReferencingColumn } from '../sweep/link.ts'
import type { Sql } from '../sweep/sql.ts'
import { repairBlocked } from './failures.ts'
import { copiedColumns, rowAsText } from './row-text.ts'

/** A foreign key inside the database, quoted and with the schema. */
interface ForeignKey {
  readonly child: string
  readonly parent: string
  /** `c` cascades, `n` sets null, `d` sets the default. */
  readonly action: 'c' | 'n' | 'd'
  /** Pairs of columns: of the child, and of the parent. */
  readonly columns: readonly (readonly [string, string])[]
}

/** What a repair is of. */
export interface Repair {
  readonly run: string
  readonly source: string
  readonly column: ReferencingColumn
}

/**
 * Copies the rows at depth 0 of `pg_temp.repair_row` into the quarantine, and whatever their deletion takes with it or
 * empties inside the database. Nothing is deleted yet. Children come before their parents: put back in the opposite
 * order, every row finds what it refers to.
 * @returns how many rows their deletion has to delete
 */
export async function copyToQuarantine(b: Sql, repair: Repair): Promise<number> {
  const keys = await readForeignKeys(b)
  let found = 1
  for (let depth = 1; found > 0; depth++) found = await collectChildren(b, keys, depth)
  await copyNulled(b, repair, keys)
  return await copyDeleted(b, repair)
}

async function readForeignKeys(b: Sql): Promise<readonly ForeignKey[]> {
  const { rows } = await b.query<ForeignKey>(
    `SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, c.confdeltype AS action,
            (SELECT jsonb_agg(jsonb_build_array(quote_ident(x.attname), quote_ident(y.attname)) ORDER BY k.place)
               FROM unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (x, y, place)
               JOIN pg_attribute AS x ON x.attrelid = c.conrelid AND x.attnum = k.x
               JOIN pg_attribute AS y ON y.attrelid = c.confrelid AND y.attnum = k.y) AS columns
       FROM pg_constraint AS c
      WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confdeltype IN ('c', 'n', 'd') ORDER BY c.oid`,
  )
  return rows
}

/** Rows `c` of the child whose parent `p` is among the rows `r` to be deleted. */
const children = ({ child, parent, columns }: ForeignKey): string =>
  `FROM pg_temp.repair_row AS r
   JOIN ${parent} AS p ON p.ctid = r.place AND p.tableoid = r.part
   JOIN ${child} AS c ON ${columns.map(([mine, theirs]) => `c.${mine} = p.${theirs}`).join(' AND ')}
  WHERE r.name = ${literal(parent)} AND r.depth >= 0`

async function collectChildren(b: Sql, keys: readonly ForeignKey[], depth: number): Promise<number> {
  let found = 0
  for (const key of keys.filter(({ action }) => action === 'c')) {
    const { rowCount } = await b.query(
      `INSERT INTO pg_temp.repair_row
       SELECT c.tableoid, c.ctid, min(r.id), ${literal(key.child)}, ${depth}
         ${children(key)} AND r.depth = ${depth - 1} GROUP BY c.tableoid, c.ctid
       ON CONFLICT DO NOTHING`,
    )
    found += rowCount ?? 0
  }
  return found
}

const target =
  'integrity.quarantine (run, source, target, id, schema_name, table_name, column_name, action, row_data)'

/** What a foreign key inside the database empties, in rows that stay. */
async function copyNulled(
  b: Sql,
  { run, source, column }: Repair,
  keys: readonly ForeignKey[],
): Promise<void> {
  for (const key of keys.filter(({ action }) => action !== 'c')) {
    const { rows } = await b.query(`SELECT ${children(key)} LIMIT 1`)
    if (rows.length === 0) continue
    if (key.action === 'd') {
      const reason = `A foreign key of ${key.child} would set a default, which has no way back.`
      throw repairBlocked({ reference: column.name, reason })
    }
    const row = rowAsText(b, 'c', await copiedColumns(b, key.child))
    for (const [emptied] of key.columns) {
      await b.query(
        `INSERT INTO ${target}
         SELECT $1::uuid, $2, $3, found.id, n.nspname, k.relname, a.attname, 'nulled', found.row_data
           FROM (SELECT found.id, ${row} AS row_data
                   FROM (SELECT c.tableoid AS part, c.ctid AS place, min(r.id) AS id ${children(key)}
                            AND NOT EXISTS (SELECT FROM pg_temp.repair_row AS gone
                                             WHERE gone.part = c.tableoid AND gone.place = c.ctid)
                          GROUP BY c.tableoid, c.ctid) AS found
                   JOIN ${key.child} AS c ON c.ctid = found.place AND c.tableoid = found.part) AS found,
                pg_class AS k JOIN pg_namespace AS n ON n.oid = k.relnamespace
                JOIN pg_attribute AS a ON a.attrelid = k.oid AND quote_ident(a.attname) = $4
          WHERE k.oid = $5::text::regclass`,
        [run, source, column.target, emptied, key.child],
      )
    }
  }
}

async function copyDeleted(b: Sql, { run, source, column }: Repair): Promise<number> {
  const { rows: groups } = await b.query<{ name: string; depth: number }>(
    'SELECT DISTINCT name, depth FROM pg_temp.repair_row WHERE depth >= 0 ORDER BY depth DESC, name',
  )
  let copied = 0
  for (const { name, depth } of groups) {
    const row = rowAsText(b, 't', await copiedColumns(b, name))
    const { rowCount } = await b.query(
      `INSERT INTO ${target}
       SELECT $1::uuid, $2, $3, r.id, n.nspname, k.relname, $4, 'deleted', ${row}
         FROM pg_temp.repair_row AS r
         JOIN ${name} AS t ON t.ctid = r.place AND t.tableoid = r.part
         JOIN pg_class AS k ON k.oid = $5::text::regclass JOIN pg_namespace AS n ON n.oid = k.relnamespace
        WHERE r.name = $5::text AND r.depth = $6`,
      [run, source, column.target, column.name.split('.').at(-1), name, depth],
    )
    copied += rowCount ?? 0
  }
  return copied
}

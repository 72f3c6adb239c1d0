import type { Client } from 'pg'
import type { KeyKind } from './key.ts'

/** Whether an index hands out the keys of a column in the order of the scan, so that a page costs only its rows. */
export async function isOrdered(
  session: Client,
  table: string,
  column: string,
  kind: KeyKind,
): Promise<boolean> {
  const { rows } = await session.query<{ ordered: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_index AS i
         JOIN pg_class AS c ON c.oid = i.indexrelid
         JOIN pg_am AS m ON m.oid = c.relam
         JOIN pg_attribute AS t ON t.attrelid = i.indrelid AND t.attnum = i.indkey[0]
         JOIN pg_opclass AS o ON o.oid = i.indclass[0]
        WHERE i.indrelid = $1::regclass AND i.indisvalid AND m.amname = 'btree'
          AND '"' || replace(t.attname, '"', '""') || '"' = $2
          AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', t.attname))
          AND o.opcdefault AND (NOT $3 OR o.opcintype = 'text'::regtype)
          AND (NOT $3 OR i.indcollation[0] IN (SELECT oid FROM pg_collation WHERE collname IN ('C', 'POSIX')))
     ) AS ordered`,
    [table, column, kind.width === undefined],
  )
  return rows[0]?.ordered === true
}

/** About how many rows a table has, by its statistics; 0 where there are none. */
export async function estimateRows(session: Client, table: string): Promise<number> {
  const { rows } = await session.query<{ rows: number }>(
    `SELECT coalesce(sum(greatest(reltuples, 0)), 0)::float8 AS rows FROM pg_class
      WHERE oid IN (SELECT $1::regclass UNION SELECT relid FROM pg_partition_tree($1::regclass))`,
    [table],
  )
  return rows[0]?.rows ?? 0
}

/**
 * About how many rows name the same id, by the statistics of a column; 0 where there are none.
 * Those of a partitioned table speak of all its partitions.
 */
export async function estimateRowsPerKey(session: Client, table: string, column: string): Promise<number> {
  const { rows } = await session.query<{ distinct: number }>(
    `SELECT s.n_distinct AS distinct
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
       JOIN pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.inherited = (c.relkind = 'p')
      WHERE c.oid = $1::regclass AND '"' || replace(s.attname, '"', '""') || '"' = $2`,
    [table, column],
  )
  const distinct = rows[0]?.distinct ?? 0
  if (distinct === 0) return 0
  // Below zero it is a fraction of the rows.
  return distinct < 0 ? -1 / distinct : (await estimateRows(session, table)) / distinct
}

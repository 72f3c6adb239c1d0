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
        WHERE i.indrelid = $1::regclass AND i.indisvalid AND m.amname = 'btree'
          AND '"' || replace(t.attname, '"', '""') || '"' = $2
          AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', t.attname))
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

/** One row per relation that holds rows: what psql's \dt+ shows. */
export const tables = `
SELECT c.relname AS name,
       CASE c.relkind WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'materialized view' ELSE 'table' END AS kind,
       CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END AS rows,
       pg_size_pretty(pg_total_relation_size(c.oid)) AS size,
       (SELECT count(*)::int FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
       coalesce(obj_description(c.oid, 'pg_class'), '') AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm')
 ORDER BY c.relname`

/** One row per column: what psql's \\d+ shows. */
export const columns = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS default,
       coalesce(col_description(a.attrelid, a.attnum), '') AS comment
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum`

/** One row per index of a table, or of a whole schema: what psql's \\di shows. */
export const indexes = `
SELECT t.relname AS table, c.relname AS name, i.indisprimary AS primary, i.indisunique AS unique,
       i.indisvalid AS valid, pg_get_indexdef(c.oid) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE n.nspname = $1 AND ($2::text IS NULL OR t.relname = $2)
 ORDER BY t.relname, NOT i.indisprimary, c.relname`

/** Constraints that are no index: foreign keys both ways, and checks. */
export const constraints = `
SELECT conname AS name, conrelid::regclass::text AS on, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
 WHERE to_regclass($1) IN (conrelid, confrelid) AND contype IN ('f', 'c', 'x')
 ORDER BY conrelid <> to_regclass($1), contype, conname`

export const triggers = `
SELECT tgname AS name, tgenabled <> 'D' AS enabled, pg_get_triggerdef(oid) AS definition
  FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal ORDER BY tgname`

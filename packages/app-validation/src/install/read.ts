import type { Found } from './found.ts'
import { literal } from './sql.ts'
import { functionSettings, integritySchema, type RelationName } from './trigger.ts'

/** What is needed of a `pg` client. */
export interface Client {
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** The functions of the generators have a blank in their names, those of the histories don't. */
const isGenerated = `position(' ' IN p.proname) > 0`

const query = `
WITH RECURSIVE root AS (
  SELECT c.oid, w.schema, w.name
    FROM unnest($1::text[], $2::text[]) w(schema, name)
    JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
),
member AS (
  SELECT oid AS root, oid, 0 AS depth FROM root
  UNION SELECT m.root, i.inhrelid, m.depth + 1 FROM member m JOIN pg_inherits i ON i.inhparent = m.oid
),
relation AS (
  SELECT DISTINCT ON (m.root, m.oid) m.root, m.oid, m.depth, n.nspname AS schema, c.relname AS name, c.relkind, c.relispartition
    FROM member m JOIN pg_class c ON c.oid = m.oid AND c.relkind IN ('r', 'p') JOIN pg_namespace n ON n.oid = c.relnamespace
   ORDER BY m.root, m.oid, m.depth
)
SELECT
  coalesce((SELECT jsonb_agg(jsonb_build_object(
      'schema', root.schema, 'name', root.name,
      'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                   WHERE a.attrelid = root.oid AND a.attnum > 0 AND NOT a.attisdropped),
      'relations', (SELECT jsonb_agg(jsonb_build_object('schema', r.schema, 'name', r.name,
          'kind', CASE r.relkind WHEN 'p' THEN 'partitioned table' ELSE 'table' END,
          'isPartition', r.relispartition) ORDER BY r.depth, r.schema, r.name) FROM relation r WHERE r.root = root.oid)))
    FROM root), '[]') AS tables,
  coalesce((SELECT jsonb_agg(jsonb_build_object(
      'name', t.tgname, 'relation', jsonb_build_object('schema', n.nspname, 'name', c.relname),
      'definition', pg_get_triggerdef(t.oid), 'isAlways', t.tgenabled = 'A', 'isClone', t.tgparentid <> 0)
      ORDER BY n.nspname, c.relname, t.tgname)
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE p.pronamespace = to_regnamespace(${literal(integritySchema)})), '[]') AS triggers,
  coalesce((SELECT jsonb_agg(jsonb_build_object(
      'name', p.proname, 'body', p.prosrc,
      'isSafe', p.prosecdef AND p.proconfig = $3 AND NOT has_function_privilege('public', p.oid, 'EXECUTE'))
      ORDER BY p.proname)
    FROM pg_proc p WHERE p.pronamespace = to_regnamespace(${literal(integritySchema)}) AND ${isGenerated}), '[]') AS functions`

/**
 * Reads what is there. One statement, so that it is all of one moment.
 * @param tables the tables of the references, whether they exist or not
 */
export async function readFound(client: Client, tables: readonly RelationName[]): Promise<Found> {
  const { rows } = await client.query(query, [
    tables.map(({ schema }) => schema),
    tables.map(({ name }) => name),
    functionSettings,
  ])
  const [row] = rows
  if (!isFound(row)) throw new TypeError('The catalogs gave no answer')
  return row
}

/** The query makes the shape; what could be missing is a column of it. */
const isFound = (row: unknown): row is Found =>
  typeof row === 'object' &&
  row !== null &&
  ['tables', 'triggers', 'functions'].every((name) => Array.isArray(Reflect.get(row, name)))

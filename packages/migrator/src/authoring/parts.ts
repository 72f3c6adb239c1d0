import type { Client } from 'pg'
import type { CatalogSnapshot } from '../snapshot/catalog-snapshot.ts'

/** A statement that makes something which a Prisma schema can't say, taken from PostgreSQL's own catalogs. */
export interface Part {
  /** As a catalog snapshot names it. */
  readonly object: string
  /** Whether tables may need it, or it needs tables. */
  readonly phase: 'before' | 'after'
  /** Without its semicolon. */
  readonly sql: string
  /** Takes away what Prisma's script has made of the same name in another way. */
  readonly drop: string | null
  /** How it is made out of something else that Prisma's script has made. */
  readonly instead: { readonly object: string; readonly sql: string } | null
}

/** Reads the parts of one PostgreSQL schema, in an order in which they can be made. */
export async function readParts(client: Client, schema: string): Promise<readonly Part[]> {
  await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`)
  const parts: Part[] = []
  for (const query of queries) {
    const { rows } = await client.query<Part>(query, query.includes('$1') ? [schema] : [])
    parts.push(...rows)
  }
  return parts
}

/** What makes a part where `made` is there already. */
export function statementsFor(
  { object, sql, drop, instead }: Part,
  made: CatalogSnapshot,
): readonly string[] {
  if (made.has(object)) return drop === null ? [sql] : [drop, sql]
  return instead && made.has(instead.object) ? [instead.sql] : [sql]
}

const identity = (catalog: string, oid: string, column = '0') =>
  `(SELECT concat_ws(' ', i.type, i.identity) FROM pg_identify_object('${catalog}'::regclass, ${oid}, ${column}) i)`

const part = (
  object: string,
  phase: Part['phase'],
  sql: string,
  rest: string,
  drop = 'NULL',
  instead = 'NULL',
) =>
  `SELECT ${object} AS object, '${phase}' AS phase, ${sql} AS sql, ${drop} AS drop, ${instead} AS instead ${rest}`

/** What an extension brings along is made with it. */
const own = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`
const here = (column: string) => `${column} = to_regnamespace(quote_ident($1))`

/** Functions over nothing but built-in types, domains included, can be made before the tables. */
const overTables = `(p.prosqlbody IS NOT NULL OR EXISTS (
  SELECT FROM unnest(p.proargtypes::oid[] || coalesce(p.proallargtypes, '{}') || p.prorettype) a(type)
    JOIN pg_type t ON t.oid = a.type LEFT JOIN pg_type e ON e.oid = t.typelem
   WHERE t.oid >= 16384 AND (t.typtype IN ('c', 'e') OR e.typtype IN ('c', 'e'))))`

const functions = (phase: Part['phase']) =>
  part(
    identity('pg_proc', 'p.oid'),
    phase,
    'pg_get_functiondef(p.oid)',
    `FROM pg_proc p WHERE ${here('p.pronamespace')} AND p.prokind <> 'a' AND ${own('pg_proc', 'p.oid')}
        AND ${phase === 'after' ? '' : 'NOT '}${overTables} ORDER BY p.oid`,
  )

const relation = 'c.oid::regclass::text'
// Prisma's script makes no partitions, and what they have of their parents comes with them.
const andTable = `WHERE ${here('c.relnamespace')} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations' AND ${own('pg_class', 'c.oid')}`
const columns =
  'FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped'

const queries: readonly string[] = [
  part(
    identity('pg_extension', 'e.oid'),
    'before',
    `format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, e.extnamespace::regnamespace::text)`,
    `FROM pg_extension e WHERE e.extname <> 'plpgsql' ORDER BY e.oid`,
  ),
  part(
    identity('pg_type', 't.oid'),
    'before',
    `format('CREATE DOMAIN %s AS %s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod))
       || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname)
                      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')`,
    `FROM pg_type t WHERE ${here('t.typnamespace')} AND t.typtype = 'd' AND ${own('pg_type', 't.oid')} ORDER BY t.oid`,
  ),
  part(
    identity('pg_class', 'c.oid'),
    'before',
    `format('CREATE SEQUENCE %s AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', ${relation},
        format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
        CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)`,
    `FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid WHERE ${here('c.relnamespace')} AND ${own('pg_class', 'c.oid')}
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')) ORDER BY c.oid`,
  ),
  functions('before'),
  functions('after'),
  part(
    identity('pg_class', 'a.attrelid', 'a.attnum'),
    'after',
    `format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s, ALTER COLUMN %2$I %4$s', ${relation}, a.attname,
        format_type(a.atttypid, a.atttypmod), coalesce('SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), 'DROP DEFAULT'))`,
    `${columns} LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      ${andTable} AND a.attgenerated = '' AND a.attidentity = '' ORDER BY c.oid, a.attnum`,
  ),
  // Prisma makes a serial column where an identity was.
  part(
    identity('pg_class', 'a.attrelid', 'a.attnum'),
    'after',
    `format('ALTER TABLE %1$s ALTER COLUMN %2$I DROP DEFAULT; DROP SEQUENCE IF EXISTS %3$s; '
        || 'ALTER TABLE %1$s ALTER COLUMN %2$I ADD GENERATED %4$s AS IDENTITY (SEQUENCE NAME %3$s START %5$s INCREMENT %6$s MINVALUE %7$s MAXVALUE %8$s CACHE %9$s%10$s)',
        ${relation}, a.attname, s.seqrelid::regclass, CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)`,
    `${columns} JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
        AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype = 'i'
      JOIN pg_sequence s ON s.seqrelid = o.objid ${andTable} AND a.attidentity <> '' ORDER BY c.oid, a.attnum`,
  ),
  part(
    identity('pg_constraint', 'k.oid'),
    'after',
    `format('ALTER TABLE %s ADD CONSTRAINT %I %s', ${relation}, k.conname, pg_get_constraintdef(k.oid))`,
    `FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'x', 'f') AND k.conislocal ${andTable}
      ORDER BY array_position('{p,u,c,x,f}', k.contype), k.oid`,
    `format('ALTER TABLE %s DROP CONSTRAINT %I', ${relation}, k.conname)`,
    // Prisma makes a unique index where a unique constraint was.
    `CASE k.contype WHEN 'u' THEN jsonb_build_object('object', ${identity('pg_class', 'k.conindid')}, 'sql',
        format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE USING INDEX %I%s%s', ${relation}, k.conname, k.conname,
          CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END,
          CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END)) END`,
  ),
  part(
    identity('pg_class', 'x.indexrelid'),
    'after',
    'pg_get_indexdef(x.indexrelid)',
    `FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid ${andTable}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid) ORDER BY x.indexrelid`,
    `format('DROP INDEX %s', x.indexrelid::regclass)`,
  ),
  part(
    identity('pg_class', 'c.oid'),
    'after',
    `format('CREATE %s %s%s AS %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, ${relation},
        coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''), rtrim(pg_get_viewdef(c.oid), ';'))`,
    `FROM pg_class c WHERE ${here('c.relnamespace')} AND c.relkind IN ('v', 'm') AND ${own('pg_class', 'c.oid')} ORDER BY c.oid`,
  ),
  part(
    identity('pg_class', 'x.indexrelid'),
    'after',
    'pg_get_indexdef(x.indexrelid)',
    `FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid WHERE ${here('c.relnamespace')} AND c.relkind = 'm' ORDER BY x.indexrelid`,
  ),
  part(
    identity('pg_trigger', 't.oid'),
    'after',
    `pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE
        format('; ALTER TABLE %s %s TRIGGER %I', ${relation},
          CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, t.tgname) END`,
    `FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid
      WHERE ${here('c.relnamespace')} AND NOT c.relispartition AND NOT t.tgisinternal ORDER BY t.oid`,
  ),
  part(
    `'comment on ' || concat_ws(' ', i.type, i.identity)`,
    'after',
    `format('COMMENT ON %s %s IS %L',
        CASE WHEN i.type ~ ' column$' THEN 'COLUMN' WHEN i.type = 'table constraint' THEN 'CONSTRAINT' ELSE upper(i.type) END,
        i.identity, d.description)`,
    `FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
      WHERE d.objoid >= 16384 AND i.type <> 'extension' AND (i.schema IS NULL OR i.schema = $1) ORDER BY 1`,
  ),
]

import type { Client } from 'pg'
import type { CopyFormat } from './digest.ts'
import type { SavedSequence } from './manifest.ts'

/** A table that holds rows of its own: ordinary, or a partition. */
export interface TableFacts {
  readonly schema: string
  readonly table: string
  /** Quoted, with its schema. */
  readonly name: string
  readonly columns: readonly string[]
  readonly copy: CopyFormat
}

/** What a database holds beside its definitions. */
export interface Inventory {
  readonly tables: readonly TableFacts[]
  /** Quoted names of the sequences. */
  readonly sequences: readonly string[]
  /** What COPY can't save, in words. */
  readonly others: readonly string[]
}

const users = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
const ofExtension = `EXISTS (SELECT FROM pg_depend m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid AND m.deptype = 'e')`
const quoted = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`
/** Objects of initdb have the same oid in every database (FirstNormalObjectId in access/transam.h). */
const builtIn = (type: string) => `${type}.oid < 16384 AND ${type}.typname !~ '^_?reg'`

/**
 * Whether a value's binary form means the same in another database. Arrays and composite values name the types of
 * their elements by oid, and `regclass` and its like are oids.
 */
const portable = `CASE b.typtype
  WHEN 'e' THEN true
  WHEN 'b' THEN b.typsend <> 0 AND b.typreceive <> 0 AND b.typname !~ '^_?reg'
    AND (b.typelem = 0 OR b.typcategory <> 'A' OR e.typtype = 'b' AND ${builtIn('e')})
  WHEN 'r' THEN ${builtIn('b')}
  WHEN 'm' THEN ${builtIn('b')}
  ELSE false END`

const selectTables = `
SELECT n.nspname AS schema, c.relname AS table, ${quoted} AS name,
       coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL), '{}') AS columns,
       CASE WHEN bool_and(coalesce(${portable}, true)) THEN 'binary' ELSE 'text' END AS copy
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       LEFT JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
       LEFT JOIN pg_type e ON e.oid = b.typelem
 WHERE c.relkind = 'r' AND ${users} AND NOT ${ofExtension}
 GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname`

const selectSequences = `
SELECT ${quoted} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND ${users} AND NOT ${ofExtension} ORDER BY 1`

const selectOthers = `
SELECT 'foreign table ' || ${quoted} || ', whose rows are on another server' AS what
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND ${users}
UNION ALL SELECT 'table ' || x.tab::regclass::text || ', which the extension ' || quote_ident(extname) || ' lets users write to'
  FROM pg_extension, unnest(extconfig) AS x (tab)
UNION ALL SELECT count(*) || ' large objects' FROM pg_largeobject_metadata HAVING count(*) > 0
 ORDER BY 1`

/** Looks at everything that a database holds. It sets the order of the files, too. */
export async function takeInventory(client: Client): Promise<Inventory> {
  const tables = await client.query<TableFacts>(selectTables)
  const sequences = await client.query<{ name: string }>(selectSequences)
  const others = await client.query<{ what: string }>(selectOthers)
  return {
    tables: tables.rows,
    sequences: sequences.rows.map(({ name }) => name),
    others: others.rows.map(({ what }) => what),
  }
}

/** PostgreSQL schemas in which a table, a sequence, a function or a type lies that no extension brought. */
export async function schemasIn(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.nspname AS name FROM pg_namespace n WHERE ${users} AND n.nspname <> 'public' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

/** At most as many in one statement; PostgreSQL plans each part of a UNION by itself. */
const atOnce = 200

/** Where the sequences stand. They know no snapshot, so it is never before the rows. */
export async function readSequences(
  client: Client,
  names: readonly string[],
): Promise<readonly SavedSequence[]> {
  const found: SavedSequence[] = []
  for (let from = 0; from < names.length; from += atOnce) {
    const parts = names.slice(from, from + atOnce).map(
      (name) =>
        `SELECT n.nspname AS schema, c.relname AS sequence, s.last_value::text AS value, s.is_called AS called
           FROM ${name} s, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = ${client.escapeLiteral(name)}::regclass`,
    )
    const { rows } = await client.query<SavedSequence>(parts.join(' UNION ALL '))
    found.push(...rows)
  }
  return found
}

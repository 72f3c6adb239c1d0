import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A database of the catalog, and where it is. */
export interface Site {
  readonly name: string
  /** Its Prisma schema: a file, or a folder of files. */
  readonly schemaFile: string
  /** The PostgreSQL schema that its URL chooses. */
  readonly schema: string
  /** The same for databases of the catalog that share one PostgreSQL database. */
  readonly place: string
}

/**
 * Changes with what the generators make, or with the histories: a test holds it to both. It is part of the
 * stamp, so that a new release is installed at the next migration.
 */
export const generation = '3'

/** The texts of the Prisma schemas, by database. */
export type SchemaTexts = ReadonlyMap<string, string>

/** Synchronous, like the reading of histories: every migration asks, and mostly there is nothing else to do. */
export const readSchemaTexts = (sites: readonly Site[]): SchemaTexts =>
  new Map(sites.map(({ name, schemaFile }) => [name, readText(schemaFile)]))

/** A database without a schema has no references, and may still be migrated. */
function readText(path: string): string {
  if (!existsSync(path)) return ''
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8')
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('\n')
}

/** What the references follow from; it doesn't say where the databases are. */
export function referencesStamp(texts: SchemaTexts): string {
  const hash = createHash('sha256').update(generation)
  for (const [name, text] of texts) hash.update(`\0${name}\0`).update(text)
  return hash.digest('hex')
}

/** What everything follows from that should be installed. */
export function stampOf(sites: readonly Site[], texts: SchemaTexts): string {
  const hash = createHash('sha256').update(referencesStamp(texts))
  for (const { name, schema, place } of sites)
    hash.update(JSON.stringify([name, schema, indexOf(sites, place)]))
  return hash.digest('hex')
}

/** Which databases lie together counts, not where: a copy of a test server is as good. */
const indexOf = (sites: readonly Site[], place: string): number =>
  sites.findIndex((site) => site.place === place)

/** Whether a database may refer or be referred to: an annotation too many, in a comment, costs a closer look. */
export const mayTakePart = (name: string, texts: SchemaTexts): boolean =>
  (texts.get(name) ?? '').includes('@reference(') ||
  [...texts].some(([other, text]) => other !== name && text.includes(`@reference(${name}.`))

/**
 * An SQL expression: the state of our triggers and functions in the catalogs. A trigger that is dropped, disabled, or
 * lost with its table changes it, and a function that is replaced; a new partition does as well, a table that inherits,
 * and a table with triggers that has another name now. Found through pg_depend, whose index knows what lies in a schema.
 */
const state = `(
  SELECT md5(string_agg(concat_ws(' ', o.oid, o.xmin, o.place), ',' ORDER BY o.oid, o.place)) FROM (
    SELECT p.oid, p.xmin, NULL AS place FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
     WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace('integrity') AND d.classid = 'pg_proc'::regclass
    UNION ALL
    SELECT t.oid, t.xmin, concat_ws(' ', c.relnamespace::regnamespace, c.relname, i.inhrelid) FROM pg_depend d
      JOIN pg_depend e ON e.refclassid = 'pg_proc'::regclass AND e.refobjid = d.objid AND e.classid = 'pg_trigger'::regclass
      JOIN pg_trigger t ON t.oid = e.objid
      JOIN pg_class c ON c.oid = t.tgrelid
      LEFT JOIN pg_inherits i ON i.inhparent = c.oid
     WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace('integrity') AND d.classid = 'pg_proc'::regclass
  ) o)`

const words = 'Integrity of references across databases, in step with'

/**
 * An SQL expression: the stamp with which a database was brought in step; empty when it isn't in step any more,
 * null where nothing of ours is.
 */
export const installedStamp = `(
  SELECT CASE WHEN said NOT LIKE '${words}%' AND to_regclass('integrity._prisma_migrations') IS NULL THEN NULL
              WHEN said LIKE '${words}% ' || ${state} THEN split_part(substr(said, ${words.length + 2}), ' ', 1)
              ELSE '' END
    FROM coalesce(obj_description(to_regnamespace('integrity'), 'pg_namespace'), '') said)`

/** Leaves the stamp in the database: the comment on the schema. */
export const writeStamp = (stamp: string): string =>
  `DO $$BEGIN EXECUTE format('COMMENT ON SCHEMA integrity IS %L', '${words} ${stamp} ' || ${state}); END$$`

/** Makes the schema; fails where another one has its name. */
export const createSchema = `CREATE SCHEMA integrity; COMMENT ON SCHEMA integrity IS '${words} nothing'`

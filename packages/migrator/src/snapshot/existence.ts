import { type CatalogClient, textIn } from './client.ts'

/** Objects that initdb makes have lower oids (FirstNormalObjectId in PostgreSQL's access/transam.h). */
export const firstNormal = 16384

/**
 * Enum labels are part of their types, and large objects are data; neither has an identity of its own. A role
 * that is no superuser sees no catalog that holds passwords (pg_user_mapping).
 */
const objectCatalogs = `
  SELECT c.relname::text AS catalog FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
    AND a.attname = 'oid' AND c.relname NOT IN ('pg_enum', 'pg_largeobject_metadata')
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')`

/**
 * Names everything there is, whatever this version of PostgreSQL knows, so that no kind of object goes unseen.
 * One query for each catalog: `type`, `identity`, `schema`, and `classid` and `objid` as in pg_depend.
 */
export async function existenceQueries(
  client: CatalogClient,
  except: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const { rows } = await client.query(objectCatalogs)
  return rows
    .map((row) => textIn(row, 'catalog'))
    .filter((catalog) => !except.has(catalog))
    .map(existence)
}

const existence = (catalog: string) => `
  SELECT i.type, i.identity, i.schema, '${catalog}'::regclass AS classid, o.oid AS objid
  FROM pg_catalog.${catalog} o, pg_identify_object('${catalog}'::regclass, o.oid, 0) i
  WHERE o.oid >= ${firstNormal} AND i.identity !~ '^"?pg_(toast|temp)'
    ${catalog === 'pg_trigger' ? 'AND NOT o.tgisinternal' : ''}`

import { atOneMoment, type CatalogClient, textIn } from './client.ts'
import { existenceQueries, firstNormal } from './existence.ts'

/** From each object of a database (`column public.users.email`) to its definition. */
export type CatalogSnapshot = ReadonlyMap<string, string>

export type CatalogDifference =
  | { readonly kind: 'added'; readonly object: string; readonly after: string }
  | { readonly kind: 'removed'; readonly object: string; readonly before: string }
  | { readonly kind: 'changed'; readonly object: string; readonly before: string; readonly after: string }

/**
 * Everything that the catalogs of a database say, data and statistics aside: definitions, owners, effective
 * privileges, comments. Free of oids, so that what was dropped and made again compares equal. It answers whether
 * anything at all differs; what differs and how to mend it is for `databaseObjects`, which knows parts from wholes.
 *
 * Left out are the order of columns, which PostgreSQL cannot restore, and roles, which all databases of a
 * server share.
 */
export const catalogSnapshot = (client: CatalogClient): Promise<CatalogSnapshot> =>
  atOneMoment(client, async () => {
    const existing = (await existenceQueries(client)).map(
      (query) => `SELECT 'existence of ' || type || ' ' || identity, '' FROM (${query}) e`,
    )
    const { rows } = await client.query([...definitions, ...existing].join('\nUNION ALL\n'))
    return new Map(rows.map((row) => [textIn(row, 'object'), textIn(row, 'definition')]))
  })

/** What `after` has more, less or otherwise than `before`, sorted by object; empty when nothing is left. */
export function catalogDifferences(before: CatalogSnapshot, after: CatalogSnapshot): CatalogDifference[] {
  const objects = [...new Set([...before.keys(), ...after.keys()])].sort()
  return objects.flatMap((object): CatalogDifference[] => {
    const [was, is] = [before.get(object), after.get(object)]
    if (was === is) return []
    if (was === undefined) return [{ kind: 'added', object, after: is ?? '' }]
    if (is === undefined) return [{ kind: 'removed', object, before: was }]
    return [{ kind: 'changed', object, before: was, after: is }]
  })
}

const identify = (catalogOid: string, oid: string, column: string) =>
  `(SELECT concat_ws(' ', i.type, i.identity) FROM pg_identify_object(${catalogOid}, ${oid}, ${column}) i)`

const identity = (catalog: string, oid: string, column = '0') =>
  identify(`'${catalog}'::regclass`, oid, column)

/** Effective privileges: no list at all and the list of the defaults mean the same. */
const privileges = (list: string, kind: string, owner: string) =>
  `(SELECT string_agg(a::text, ', ' ORDER BY a::text) FROM unnest(coalesce(${list}, acldefault(${kind}, ${owner}))) a)`

const owned = (owner: string) => `'owner', ${owner}::regrole::text`

function definition(object: string, fields: readonly string[], rest: string) {
  return `SELECT ${object} AS object, jsonb_strip_nulls(jsonb_build_object(${fields.join(', ')}))::text AS definition ${rest}`
}

const users = (schema: string) => `${schema} !~ '^pg_' AND ${schema} <> 'information_schema'`

const definitions = [
  definition(
    `'privileges of the database'`,
    [owned('datdba'), `'acl', ${privileges('datacl', `'d'`, 'datdba')}`],
    'FROM pg_database WHERE datname = current_database()',
  ),
  definition(
    identity('pg_namespace', 'n.oid'),
    [owned('n.nspowner'), `'acl', ${privileges('n.nspacl', `'n'`, 'n.nspowner')}`],
    `FROM pg_namespace n WHERE ${users('n.nspname')}`,
  ),
  definition(
    identity('pg_class', 'c.oid'),
    [
      owned('c.relowner'),
      `'kind', c.relkind, 'persistence', c.relpersistence, 'options', c.reloptions, 'tablespace', c.reltablespace`,
      `'method', (SELECT amname FROM pg_am WHERE oid = c.relam), 'replica', c.relreplident`,
      `'security', c.relrowsecurity, 'forced', c.relforcerowsecurity`,
      `'acl', CASE WHEN c.relkind NOT IN ('i', 'I', 'c') THEN ${privileges('c.relacl', `CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`, 'c.relowner')} END`,
      `'view', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END`,
      `'index', CASE WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid) END`,
      `'valid', x.indisvalid, 'clustered', x.indisclustered, 'identifies', x.indisreplident`,
      `'partitions', pg_get_partkeydef(c.oid), 'bound', pg_get_expr(c.relpartbound, c.oid)`,
      `'parents', (SELECT array_agg(inhparent::regclass::text ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid)`,
      `'sequence', (SELECT to_jsonb(s) - 'seqrelid' - 'seqtypid' FROM pg_sequence s WHERE s.seqrelid = c.oid)`,
      `'server', (SELECT jsonb_build_array(s.srvname, f.ftoptions) FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)`,
    ],
    `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index x ON x.indexrelid = c.oid WHERE ${users('n.nspname')}`,
  ),
  definition(
    identity('pg_class', 'a.attrelid', 'a.attnum'),
    [
      `'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull, 'local', a.attislocal, 'ancestors', a.attinhcount`,
      `'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity, 'generated', a.attgenerated`,
      `'collation', nullif(a.attcollation, 0)::regcollation::text, 'storage', a.attstorage, 'compression', a.attcompression`,
      `'statistics', nullif(a.attstattarget, -1), 'options', a.attoptions, 'foreign', a.attfdwoptions`,
      `'acl', (SELECT string_agg(p::text, ', ' ORDER BY p::text) FROM unnest(a.attacl) p)`,
    ],
    `FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind NOT IN ('i', 'I') AND ${users('n.nspname')}`,
  ),
  definition(
    identity('pg_constraint', 'c.oid'),
    [`'sql', pg_get_constraintdef(c.oid), 'valid', c.convalidated, 'local', c.conislocal`],
    `FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE ${users('n.nspname')}`,
  ),
  definition(
    identity('pg_trigger', 't.oid'),
    [`'sql', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled`],
    'FROM pg_trigger t WHERE NOT t.tgisinternal',
  ),
  definition(
    identity('pg_rewrite', 'r.oid'),
    [`'sql', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled`],
    `FROM pg_rewrite r WHERE r.oid >= ${firstNormal}`,
  ),
  definition(
    identity('pg_policy', 'p.oid'),
    [
      `'command', p.polcmd, 'permissive', p.polpermissive, 'roles', p.polroles::regrole[]::text[]`,
      `'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)`,
    ],
    'FROM pg_policy p',
  ),
  // Of the built-in functions, those whose privileges are no longer the usual ones.
  definition(
    identity('pg_proc', 'p.oid'),
    [
      owned('p.proowner'),
      `'sql', CASE p.prokind WHEN 'a' THEN pg_get_function_arguments(p.oid) ELSE pg_get_functiondef(p.oid) END`,
      `'acl', ${privileges('p.proacl', `'f'`, 'p.proowner')}`,
    ],
    `FROM pg_proc p WHERE p.oid >= ${firstNormal} OR p.proacl IS NOT NULL
       AND ${privileges('p.proacl', `'f'`, 'p.proowner')} <> ${privileges('NULL', `'f'`, 'p.proowner')}`,
  ),
  definition(
    identity('pg_type', 't.oid'),
    [
      owned('t.typowner'),
      `'kind', t.typtype, 'base', format_type(nullif(t.typbasetype, 0), t.typtypmod), 'required', t.typnotnull, 'default', t.typdefault`,
      `'labels', (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)`,
      `'range', (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid)`,
      `'acl', ${privileges('t.typacl', `'T'`, 't.typowner')}`,
    ],
    `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${users('n.nspname')}`,
  ),
  definition(
    identity('pg_statistic_ext', 's.oid'),
    [`'sql', pg_get_statisticsobjdef(s.oid)`],
    'FROM pg_statistic_ext s',
  ),
  definition(
    identity('pg_extension', 'e.oid'),
    [owned('e.extowner'), `'version', e.extversion, 'schema', e.extnamespace::regnamespace::text`],
    'FROM pg_extension e',
  ),
  definition(
    identity('pg_event_trigger', 'e.oid'),
    [
      `'event', e.evtevent, 'function', e.evtfoid::regprocedure::text, 'enabled', e.evtenabled, 'tags', e.evttags`,
    ],
    'FROM pg_event_trigger e',
  ),
  definition(
    identity('pg_default_acl', 'd.oid'),
    [`'acl', (SELECT string_agg(a::text, ', ' ORDER BY a::text) FROM unnest(d.defaclacl) a)`],
    'FROM pg_default_acl d',
  ),
  definition(
    `'comment on ' || ${identify('d.classoid', 'd.objoid', 'd.objsubid')}`,
    [`'text', d.description`],
    `FROM pg_description d WHERE d.objoid >= ${firstNormal} OR d.classoid = 'pg_namespace'::regclass`,
  ),
  definition(
    `'label of ' || l.provider || ' on ' || l.objtype || ' ' || l.objname`,
    [`'text', l.label`],
    'FROM pg_seclabels l',
  ),
  definition(
    `'settings of the database for ' || coalesce(nullif(s.setrole, 0)::regrole::text, 'all')`,
    [`'values', s.setconfig`],
    'FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()',
  ),
]

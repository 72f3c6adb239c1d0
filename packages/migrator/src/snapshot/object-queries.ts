/** One row an object: kind, name, parent, definition, create. `$1` is the list of schemas, `$2` the ledger's name. */
const object = (
  kind: string,
  name: string,
  parent: string,
  fields: readonly string[],
  create: string,
  rest: string,
) => `SELECT ${kind} AS kind, ${name} AS name, ${parent} AS parent,
  jsonb_strip_nulls(jsonb_build_object(${fields.join(', ')})) AS definition, ${create} AS create ${rest}`

/** Effective grants to others than the owner: no list at all means what PostgreSQL has by default. */
const grants = (list: string, kind: string, owner: string) => `'grants', (
  SELECT jsonb_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
           || ' ' || a.privilege_type || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
           ORDER BY a.grantee, a.privilege_type)
  FROM aclexplode(coalesce(${list}, acldefault(${kind}, ${owner}))) a WHERE a.grantee <> ${owner})`

const owner = (oid: string) => `'owner', quote_ident(pg_get_userbyid(${oid}))`
const qualified = (schema: string, name: string) => `quote_ident(${schema}) || '.' || quote_ident(${name})`

/** Objects of an extension come and go with it. */
const own = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = '${catalog}'::regclass AND m.objid = ${oid} AND m.deptype = 'e')`

const inScope = 'n.nspname = ANY ($1)'
const isLedger = (relation: string) => `(${relation}.relname = $2 AND n.nspname = $3)`
const relations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`
const relation = qualified('n.nspname', 'c.relname')
const scoped = `${inScope} AND NOT ${isLedger('c')} AND ${own('pg_class', 'c.oid')}`

/** Catalogs whose objects have a query of their own here, or are only parts of others. */
export const queriedCatalogs: ReadonlySet<string> = new Set([
  'pg_amop',
  'pg_amproc',
  'pg_attrdef',
  'pg_class',
  'pg_constraint',
  'pg_default_acl',
  'pg_extension',
  'pg_namespace',
  'pg_policy',
  'pg_proc',
  'pg_rewrite',
  'pg_statistic_ext',
  'pg_trigger',
  'pg_type',
  // Who replicates what is decided by those who run the server.
  'pg_publication',
  'pg_publication_namespace',
  'pg_publication_rel',
])

/**
 * Everything else by its name alone: collations, casts, operators, text search, event triggers. It is in scope
 * by its schema, or by that of what it depends on.
 */
export const otherObjects = (existence: readonly string[]) =>
  object(
    `'other'`,
    `o.type || ' ' || o.identity`,
    'NULL',
    [],
    'NULL',
    `FROM (${existence.join(' UNION ALL ')}) o
     WHERE NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = o.classid AND m.objid = o.objid AND m.deptype = 'e')
       AND (o.schema = ANY (SELECT quote_ident(s) FROM unnest($1) s) OR o.schema IS NULL AND EXISTS (
         SELECT FROM pg_depend d, pg_identify_object(d.refclassid, d.refobjid, 0) i
          WHERE d.classid = o.classid AND d.objid = o.objid AND i.schema = ANY (SELECT quote_ident(s) FROM unnest($1) s)))`,
  )

export const ownQueries: readonly string[] = [
  object(
    `'schema'`,
    'quote_ident(n.nspname)',
    'NULL',
    [owner('n.nspowner'), grants('n.nspacl', `'n'`, 'n.nspowner')],
    `'CREATE SCHEMA ' || quote_ident(n.nspname)`,
    `FROM pg_namespace n WHERE ${inScope}`,
  ),
  object(
    `'extension'`,
    'quote_ident(e.extname)',
    'NULL',
    [`'version', e.extversion, 'schema', quote_ident(n.nspname)`],
    `'CREATE EXTENSION ' || quote_ident(e.extname) || ' SCHEMA ' || quote_ident(n.nspname) || ' VERSION ' || quote_literal(e.extversion)`,
    `FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE ${inScope}`,
  ),
  object(
    `CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'composite type' END`,
    qualified('n.nspname', 't.typname'),
    'NULL',
    [
      owner('t.typowner'),
      grants('t.typacl', `'T'`, 't.typowner'),
      `'labels', (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)`,
      `'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, 'default', t.typdefault`,
      `'required', CASE WHEN t.typtype = 'd' THEN t.typnotnull END`,
      `'checks', (SELECT jsonb_agg(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid)`,
      `'attributes', (SELECT jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND NOT a.attisdropped)`,
    ],
    `CASE t.typtype
       WHEN 'e' THEN 'CREATE TYPE ' || ${qualified('n.nspname', 't.typname')} || ' AS ENUM (' || coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '') || ')'
       WHEN 'd' THEN 'CREATE DOMAIN ' || ${qualified('n.nspname', 't.typname')} || ' AS ' || format_type(t.typbasetype, t.typtypmod)
         || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
         || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
       ELSE 'CREATE TYPE ' || ${qualified('n.nspname', 't.typname')} || ' AS (' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND NOT a.attisdropped), '') || ')'
     END`,
    `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE ${inScope} AND (t.typtype IN ('e', 'd') OR c.relkind = 'c') AND ${own('pg_type', 't.oid')}`,
  ),
  // A sequence of an identity column is a part of the column.
  object(
    `'sequence'`,
    relation,
    `(SELECT o.refobjid::regclass::text FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.deptype = 'a' AND o.refobjsubid > 0)`,
    [
      owner('c.relowner'),
      grants('c.relacl', `'s'`, 'c.relowner'),
      `'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, 'least', s.seqmin, 'greatest', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle, 'owned by', (SELECT o.refobjid::regclass::text || '.' || quote_ident(a.attname) FROM pg_depend o JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.deptype = 'a' AND o.refobjsubid > 0)`,
    ],
    `format('CREATE SEQUENCE %s AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s', ${relation}, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)`,
    `FROM ${relations} JOIN pg_sequence s ON s.seqrelid = c.oid
     WHERE ${scoped} AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.deptype = 'i')`,
  ),
  object(
    `'table'`,
    relation,
    'NULL',
    [
      owner('c.relowner'),
      grants('c.relacl', `'r'`, 'c.relowner'),
      `'kind', CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' ELSE 'ordinary' END`,
      `'unlogged', nullif(c.relpersistence = 'u', false), 'options', to_jsonb(c.reloptions), 'partition by', pg_get_partkeydef(c.oid), 'bound', pg_get_expr(c.relpartbound, c.oid)`,
      `'parents', (SELECT jsonb_agg(inhparent::regclass::text ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid)`,
      `'row security', c.relrowsecurity, 'row security forced', c.relforcerowsecurity, 'replica identity', c.relreplident`,
    ],
    `CASE WHEN c.relkind = 'r' AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid) OR c.relkind = 'p' AND NOT c.relispartition THEN
       format('CREATE %sTABLE %s ()%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, ${relation}, ' PARTITION BY ' || pg_get_partkeydef(c.oid), ' WITH (' || array_to_string(c.reloptions, ', ') || ')') END`,
    `FROM ${relations} WHERE c.relkind IN ('r', 'p', 'f') AND ${scoped}`,
  ),
  object(
    `'column'`,
    'quote_ident(a.attname)',
    relation,
    [
      `'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull`,
      `'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
      `'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
      `'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END`,
      `'collation', CASE WHEN a.attcollation <> y.typcollation THEN nullif(a.attcollation, 0)::regcollation::text END`,
      `'grants', (SELECT jsonb_agg(CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END || ' ' || g.privilege_type || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END ORDER BY g.grantee, g.privilege_type) FROM aclexplode(a.attacl) g)`,
    ],
    'NULL',
    `FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type y ON y.oid = a.atttypid
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND ${scoped} ORDER BY a.attrelid, a.attnum`,
  ),
  object(
    `'function'`,
    `${qualified('n.nspname', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')'`,
    'NULL',
    [
      owner('p.proowner'),
      grants('p.proacl', `'f'`, 'p.proowner'),
      `'kind', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END`,
      `'sql', CASE WHEN p.prokind = 'a' THEN pg_get_function_arguments(p.oid) ELSE pg_get_functiondef(p.oid) END`,
    ],
    `CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END`,
    `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${inScope} AND ${own('pg_proc', 'p.oid')}`,
  ),
  // Since version 18 NOT NULL is a constraint too; the column says it already.
  object(
    `'constraint'`,
    'quote_ident(k.conname)',
    relation,
    [`'sql', pg_get_constraintdef(k.oid), 'inherited', nullif(NOT k.conislocal, false)`],
    `CASE WHEN k.conislocal THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', ${relation}, k.conname, pg_get_constraintdef(k.oid)) END`,
    `FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE k.contype NOT IN ('n', 't') AND ${scoped}`,
  ),
  object(
    `'index'`,
    relation,
    `(SELECT ${qualified('tn.nspname', 'tc.relname')} FROM pg_class tc JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE tc.oid = x.indrelid)`,
    [`'sql', pg_get_indexdef(c.oid), 'invalid', nullif(NOT x.indisvalid, false)`],
    `CASE WHEN NOT c.relispartition THEN pg_get_indexdef(c.oid) END`,
    `FROM ${relations} JOIN pg_index x ON x.indexrelid = c.oid JOIN pg_class t ON t.oid = x.indrelid
     WHERE ${scoped} AND NOT ${isLedger('t')} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = x.indrelid)`,
  ),
  object(
    `'view'`,
    relation,
    'NULL',
    [
      owner('c.relowner'),
      grants('c.relacl', `'r'`, 'c.relowner'),
      `'kind', CASE c.relkind WHEN 'm' THEN 'materialized' ELSE 'ordinary' END, 'sql', pg_get_viewdef(c.oid), 'options', to_jsonb(c.reloptions)`,
    ],
    `format('CREATE %sVIEW %s%s AS%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, ${relation}, ' WITH (' || array_to_string(c.reloptions, ', ') || ')', E'\\n' || rtrim(pg_get_viewdef(c.oid), ';'))`,
    `FROM ${relations} WHERE c.relkind IN ('v', 'm') AND ${scoped}`,
  ),
  // One that calls a function of another service belongs to that service.
  object(
    `'trigger'`,
    'quote_ident(t.tgname)',
    relation,
    [
      `'sql', pg_get_triggerdef(t.oid), 'fires', CASE t.tgenabled WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`,
    ],
    `CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE format(E';\\nALTER TABLE %s %s TRIGGER %I', ${relation}, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END END`,
    `FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace pn ON pn.oid = p.pronamespace
     WHERE NOT t.tgisinternal AND pn.nspname = ANY ($1 || '{pg_catalog}') AND ${scoped}`,
  ),
  object(
    `'rule'`,
    'quote_ident(r.rulename)',
    relation,
    [`'sql', pg_get_ruledef(r.oid), 'fires', nullif(r.ev_enabled, 'O')`],
    'pg_get_ruledef(r.oid)',
    `FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${scoped}`,
  ),
  object(
    `'policy'`,
    'quote_ident(p.polname)',
    relation,
    [
      `'command', p.polcmd, 'permissive', p.polpermissive, 'roles', (SELECT jsonb_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END ORDER BY r) FROM unnest(p.polroles) r)`,
      `'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)`,
    ],
    `format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, ${relation}, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
       (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ' ORDER BY r) FROM unnest(p.polroles) r),
       ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')`,
    `FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${scoped}`,
  ),
  object(
    `'statistics'`,
    qualified('n.nspname', 's.stxname'),
    `s.stxrelid::regclass::text`,
    // Its text follows the order of the table's columns, which is compared nowhere.
    [
      `'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[]))`,
      `'kinds', to_jsonb(s.stxkind::text[]), 'expressions', to_jsonb(pg_get_statisticsobjdef_expressions(s.oid))`,
    ],
    'pg_get_statisticsobjdef(s.oid)',
    `FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${inScope}`,
  ),
  object(
    `'default privileges'`,
    `format('for %I on %s in %I', pg_get_userbyid(d.defaclrole), d.defaclobjtype, n.nspname)`,
    'NULL',
    [`'list', (SELECT jsonb_agg(a::text ORDER BY a::text) FROM unnest(d.defaclacl) a)`],
    'NULL',
    `FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace WHERE ${inScope}`,
  ),
  object(
    `'comment'`,
    `upper(CASE WHEN i.type IN ('table column', 'view column', 'materialized view column', 'foreign table column') THEN 'column' WHEN i.type = 'table constraint' THEN 'constraint' WHEN i.type = 'composite type' THEN 'type' ELSE i.type END) || ' ' || i.identity`,
    `CASE WHEN d.classoid = 'pg_class'::regclass THEN d.objoid::regclass::text
          WHEN i.type IN ('trigger', 'rule', 'policy', 'table constraint') THEN quote_ident(i.object_names[1]) || '.' || quote_ident(i.object_names[2]) END`,
    [`'text', d.description`],
    `format('COMMENT ON %s %s IS %L', upper(CASE WHEN i.type IN ('table column', 'view column', 'materialized view column', 'foreign table column') THEN 'column' WHEN i.type = 'table constraint' THEN 'constraint' WHEN i.type = 'composite type' THEN 'type' ELSE i.type END), i.identity, d.description)`,
    `FROM pg_description d, LATERAL (
       SELECT o.type, o.identity, o.schema, a.object_names FROM pg_identify_object(d.classoid, d.objoid, d.objsubid) o, pg_identify_object_as_address(d.classoid, d.objoid, d.objsubid) a
     ) i JOIN pg_namespace n ON quote_ident(n.nspname) = coalesce(i.schema, CASE WHEN i.type IN ('trigger', 'rule', 'policy', 'schema') THEN quote_ident(i.object_names[1]) END)
     WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass) AND ${inScope}
       AND NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = d.classoid AND m.objid = d.objoid AND m.deptype = 'e')
       AND NOT (i.type = 'schema' AND n.nspname = 'public')`,
  ),
]

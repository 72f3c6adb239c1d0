import type { Client } from 'pg'
import type { DefaultGrant, Me, OwnedObject, RightsFacts, RoleFacts } from './facts.ts'
import type { Grant } from './grant.ts'

/** Objects of an extension come and go with it. */
const own = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = '${catalog}'::regclass AND m.objid = ${oid} AND m.deptype = 'e')`

const inScope = 'n.nspname = ANY ($1)'

const objects = `
SELECT 'schema' AS kind, n.nspname AS schema, '' AS name, quote_ident(n.nspname) AS sql, n.nspowner AS owner,
       coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl, false AS follows, NULL::oid AS relation
  FROM pg_namespace n WHERE ${inScope}
UNION ALL
SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname), c.relowner,
       coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)),
       EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                  AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND c.relkind = 'S'), c.oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE ${inScope} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${own('pg_class', 'c.oid')}
UNION ALL
SELECT 'routine', n.nspname, p.proname, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proowner,
       coalesce(p.proacl, acldefault('f', p.proowner)), false, NULL
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE ${inScope} AND ${own('pg_proc', 'p.oid')}
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
UNION ALL
SELECT 'type', n.nspname, t.typname, format('%I.%I', n.nspname, t.typname), t.typowner, NULL, false, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE ${inScope} AND ${own('pg_type', 't.oid')} AND t.typtype IN ('b', 'c', 'd', 'e', 'r')
   AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
   AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
UNION ALL
SELECT 'statistics', n.nspname, s.stxname, format('%I.%I', n.nspname, s.stxname), s.stxowner, NULL, false, NULL
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${inScope}`

const selectObjects = `
SELECT o.kind, o.schema, o.name, o.sql, pg_get_userbyid(o.owner)::text AS owner, o.follows,
       pg_has_role(o.owner, 'USAGE') AS "isMine",
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', u.rolname,
                 'privilege', a.privilege, 'column', a.col) ORDER BY a.privilege, a.col), '[]')
          FROM (SELECT grantee, privilege_type AS privilege, NULL::name AS col FROM aclexplode(o.acl)
                UNION ALL
                SELECT g.grantee, g.privilege_type, c.attname FROM pg_attribute c, aclexplode(c.attacl) g
                 WHERE c.attrelid = o.relation AND NOT c.attisdropped) a
          LEFT JOIN pg_roles u ON u.oid = a.grantee
         WHERE a.grantee <> o.owner AND (a.grantee = 0 OR u.rolname = ANY ($2))) AS grants
  FROM (${objects}) o ORDER BY o.kind, o.schema, o.sql`

const selectDatabase = `
SELECT quote_ident(d.datname) AS name, pg_get_userbyid(d.datdba)::text AS owner,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', u.rolname, 'privilege', a.privilege_type, 'column', NULL)
                 ORDER BY a.privilege_type), '[]')
          FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a LEFT JOIN pg_roles u ON u.oid = a.grantee
         WHERE a.grantee <> d.datdba AND (a.grantee = 0 OR u.rolname = ANY ($1))) AS grants
  FROM pg_database d WHERE d.datname = current_database()`

const selectRoles = `
SELECT r.rolname AS name, r.rolcanlogin AS login,
       CASE WHEN current_setting('server_version_num')::int < 160000 THEN pg_has_role(r.oid, 'USAGE')
            ELSE pg_has_role(r.oid, 'USAGE') AND pg_has_role(r.oid, 'SET') END AS "isMine",
       array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
         CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
         CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
              WHERE m.member = r.oid ORDER BY 1) AS "memberOf"
  FROM pg_roles r WHERE r.rolname = ANY ($1) ORDER BY 1`

/** Before 16 whoever may create roles may grant any that isn't a superuser. */
const selectMe = `
SELECT r.rolname AS name, r.rolsuper AS superuser, current_setting('server_version_num')::int / 10000 AS version,
       ARRAY(SELECT p.rolname::text FROM pg_roles p WHERE starts_with(p.rolname, 'pg_')
              AND (r.rolsuper OR pg_has_role(p.oid, 'MEMBER WITH ADMIN OPTION')
                   OR r.rolcreaterole AND current_setting('server_version_num')::int < 160000)) AS "mayGrant"
  FROM pg_roles r WHERE r.rolname = current_user`

const selectDefaults = `
SELECT n.nspname AS schema, CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' ELSE 'SEQUENCES' END AS on,
       u.rolname AS role, a.privilege_type AS privilege
  FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
  JOIN pg_roles u ON u.oid = a.grantee
 WHERE ${inScope} AND d.defaclobjtype IN ('r', 'S') AND pg_get_userbyid(d.defaclrole) = $3 AND u.rolname = ANY ($2)
 ORDER BY 1, 2, 3, 4`

interface Held {
  readonly name: string | null
  readonly privilege: string
  readonly column: string | null
}

/**
 * Reads what is there; everybody may.
 * @param schemas that are looked at; those that don't exist are left out
 * @param names of the roles
 */
export async function readRights(
  client: Client,
  schemas: readonly string[],
  names: readonly string[],
  migrator: string,
): Promise<RightsFacts> {
  const me = await client.query<Me>(selectMe)
  const roles = await client.query<RoleFacts>(selectRoles, [names])
  const database = await client.query<{ name: string; owner: string; grants: readonly Held[] }>(
    selectDatabase,
    [names],
  )
  const found = await client.query<OwnedObject & { grants: readonly Held[] }>(selectObjects, [schemas, names])
  const defaults = await client.query<DefaultGrant>(selectDefaults, [schemas, names, migrator])
  const [asking] = me.rows
  const [here] = database.rows
  if (!asking || !here) throw new Error('the server shows neither the own role nor the own database')
  const grants = found.rows.flatMap(({ kind, sql, grants }) =>
    kind === 'type' || kind === 'statistics' ? [] : grants.map((held) => toGrant(kind, sql, held)),
  )
  return {
    me: asking,
    roles: roles.rows,
    database: { name: here.name, owner: here.owner },
    objects: found.rows.map(({ grants, ...object }) => object),
    grants: [...here.grants.map((held) => toGrant('database', here.name, held)), ...grants],
    defaults: defaults.rows,
  }
}

const toGrant = (on: Grant['on'], object: string, { name, privilege, column }: Held): Grant => ({
  on,
  object,
  role: name,
  privilege,
  column,
})

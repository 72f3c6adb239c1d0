import { errorMessage } from '@manybase/failure'
import type { Client } from 'pg'

/** Settings whose value is stored as SQL already, since it is a list. Source: GUC_LIST_QUOTE in PostgreSQL's guc_tables.c. */
const lists = [
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]

/**
 * Gives a new database what was said of the old one as a whole: owner, settings, grants, comment, connection limit.
 * @returns what this role may not say again, a line each
 */
export async function copyProperties(admin: Client, from: string, to: string): Promise<readonly string[]> {
  const left: string[] = []
  for (const statement of await statementsFor(admin, from, to)) {
    await admin.query(statement).catch((error) => left.push(`${statement} (${errorMessage(error)})`))
  }
  return left
}

interface Row {
  readonly owner: string
  readonly own: boolean
  readonly comment: string | null
  readonly limit: number
  readonly grants: readonly { grantee: string | null; privilege: string; option: boolean }[] | null
  readonly settings: readonly { role: string | null; setting: string }[] | null
}

async function statementsFor(admin: Client, from: string, to: string): Promise<readonly string[]> {
  const { rows } = await admin.query<Row>(
    `SELECT pg_get_userbyid(datdba) AS owner, datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS own,
            shobj_description(d.oid, 'pg_database') AS comment, datconnlimit AS limit,
            (SELECT json_agg(json_build_object('grantee', CASE WHEN grantee = 0 THEN NULL ELSE pg_get_userbyid(grantee) END,
                      'privilege', privilege_type, 'option', is_grantable))
               FROM aclexplode(datacl) WHERE grantee <> datdba) AS grants,
            (SELECT json_agg(json_build_object('role', nullif(setrole, 0)::regrole::text, 'setting', setting))
               FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setdatabase = d.oid) AS settings
       FROM pg_database d WHERE datname = $1`,
    [from],
  )
  const [row] = rows
  if (!row) return []
  const name = admin.escapeIdentifier(to)
  return [
    ...(row.comment === null ? [] : [`COMMENT ON DATABASE ${name} IS ${admin.escapeLiteral(row.comment)}`]),
    ...(row.limit === -1 ? [] : [`ALTER DATABASE ${name} CONNECTION LIMIT ${row.limit}`]),
    ...(row.settings ?? []).map(({ role, setting }) => settingSql(admin, name, role, setting)),
    // No list at all means PostgreSQL's defaults, which a new database has as well.
    ...(row.grants === null ? [] : [`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`]),
    ...(row.grants ?? []).map(
      ({ grantee, privilege, option }) =>
        `GRANT ${privilege} ON DATABASE ${name} TO ${grantee === null ? 'PUBLIC' : admin.escapeIdentifier(grantee)}${option ? ' WITH GRANT OPTION' : ''}`,
    ),
    ...(row.own ? [] : [`ALTER DATABASE ${name} OWNER TO ${admin.escapeIdentifier(row.owner)}`]),
  ]
}

/** `role` is quoted already. */
function settingSql(admin: Client, name: string, role: string | null, setting: string): string {
  const [key = '', ...rest] = setting.split('=')
  const value = rest.join('=')
  const target = role === null ? `DATABASE ${name}` : `ROLE ${role} IN DATABASE ${name}`
  return `ALTER ${target} SET ${admin.escapeIdentifier(key)} TO ${lists.includes(key) ? value || "''" : admin.escapeLiteral(value)}`
}

import type { QueryResultRow } from 'pg'
import { makeProject, type Project, type Scripts } from './project.ts'
import { query, type Tenant } from './tenant.ts'

/** A project whose list of databases is in a file. */
export interface Fleet extends Project {
  readonly members: readonly string[]
  memberUrl(member: string): string
  /** What the database is called on the server. */
  memberDatabase(member: string): string
  /** Puts these members into the list; `member=url` says another URL. */
  list(members: readonly string[]): void
  ask(member: string, sql: string): Promise<readonly QueryResultRow[]>
  /** Revisions that the ledger of a member has, in their order, as often as they are there. */
  applied(member: string): Promise<readonly string[]>
}

/** The list is called `tenants` and stands after the single databases. */
export function makeFleet(
  tenant: Tenant,
  members: readonly string[],
  scripts: Scripts,
  singles: Readonly<Record<string, Scripts>> = {},
): Fleet {
  const project = makeProject(tenant, { ...singles, tenants: scripts })
  const names = new Map(members.map((member) => [member, tenant.newName()]))
  const memberDatabase = (member: string) => {
    const name = names.get(member)
    if (name === undefined) throw new Error(`the list has no member ${member}`)
    return name
  }
  const memberUrl = (member: string) => tenant.url(memberDatabase(member))
  const list = (entries: readonly string[]) =>
    project.write(
      'tenants.txt',
      entries.map((entry) => `${entry.includes('=') ? entry : `${entry}=${memberUrl(entry)}`}\n`).join(''),
    )
  const fleet: Fleet = {
    ...project,
    members,
    memberUrl,
    memberDatabase,
    list,
    ask: (member, sql) => query(memberUrl(member), sql),
    applied: async (member) => {
      const rows = await query(
        memberUrl(member),
        `SELECT migration_name AS name FROM _prisma_migrations
          WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at, migration_name`,
      )
      return rows.map(({ name }) => String(name))
    },
  }
  fleet.write('databases.config.ts', catalogOf(Object.keys(singles), "fromFile('tenants.txt')"))
  list(members)
  return fleet
}

/** A catalog of single databases by variable and the list `tenants` from a source. */
export const catalogOf = (singles: readonly string[], source: string): string => `
import { defineDatabases, fromFile, fromQuery, fromVariable, fromVariableList } from '@manybase/migrator/config'

export default defineDatabases({
  databases: {
${singles
  .map(
    (name) =>
      `    ${name}: { directory: '${name}', url: fromVariable('DATABASE_URL_${name.toUpperCase()}') },`,
  )
  .join('\n')}
    tenants: { label: 't', directory: 'tenants', urls: ${source} },
  },
})
`

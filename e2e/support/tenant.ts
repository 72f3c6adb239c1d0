import { randomBytes } from 'node:crypto'
import { type TestServer, testServer } from '@manybase/local-postgres/testing'
import { Client, escapeIdentifier, escapeLiteral, type QueryResultRow } from 'pg'
import { dbCommand, node, root, run } from './run.ts'
import { makePassword } from './secrets.ts'

/** A role of the test server with databases of its own: no superuser, as on a managed server. */
export interface Tenant {
  readonly role: string
  readonly password: string
  /** A name that no other test uses; nothing is created. */
  newName(): string
  url(database: string, user?: Credentials): string
  /** With the server administrator's rights. */
  adminUrl(database: string): string
  createDatabase(database: string): Promise<void>
  /** Runs SQL with the server administrator's rights. */
  asAdmin(sql: string, database?: string): Promise<readonly QueryResultRow[]>
  /** Another role for tests of rights, dropped along with this one. */
  createRole(options: string): Promise<Credentials>
  dispose(): Promise<void>
}

export interface Credentials {
  readonly role: string
  readonly password: string
}

/** @param on another server than the one that the tests share */
export async function makeTenant(on?: TestServer): Promise<Tenant> {
  const server = on ?? (await testServer())
  // On a fresh clone the first call bundles the command and says so; no test should be that call.
  await run(node, [dbCommand, '--help'], { cwd: root })
  const prefix = `e2e_${randomBytes(4).toString('hex')}`
  const owner = { role: prefix, password: makePassword() }
  const roles: Credentials[] = []
  let names = 0
  const url = (database: string, { role, password }: Credentials = owner) => {
    const made = new URL(server.url(database))
    made.username = role
    made.password = encodeURIComponent(password)
    return made.href
  }
  const asAdmin = (sql: string, database?: string) =>
    query(database === undefined ? server.adminUrl : server.url(database), sql)
  const create = async ({ role, password }: Credentials, options: string) => {
    roles.unshift({ role, password })
    await asAdmin(`CREATE ROLE ${role} LOGIN ${options} PASSWORD ${escapeLiteral(password)}`)
  }
  // Read-only, and what a sweep asks for: to see when nobody can see the past any more.
  await create(owner, 'CREATEDB IN ROLE pg_read_all_stats')
  return {
    ...owner,
    url,
    adminUrl: server.url,
    asAdmin,
    newName: () => `${prefix}_${++names}`,
    createDatabase: async (database) => {
      await asAdmin(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${owner.role}`)
    },
    createRole: async (options) => {
      const role = { role: `${prefix}_role_${roles.length}`, password: makePassword() }
      await create(role, options)
      return role
    },
    dispose: async () => {
      const databases = await asAdmin(
        `SELECT datname FROM pg_database WHERE starts_with(datname, ${escapeLiteral(prefix)})`,
      )
      for (const { datname } of databases) {
        await asAdmin(`DROP DATABASE ${escapeIdentifier(String(datname))} WITH (FORCE)`)
      }
      const named = await asAdmin(
        `SELECT rolname FROM pg_roles WHERE starts_with(rolname, ${escapeLiteral(prefix)})`,
      )
      const own = roles.map(({ role }) => role)
      // Those that a test's commands have made come first: they were granted by these.
      const made = named.map(({ rolname }) => String(rolname)).filter((name) => !own.includes(name))
      for (const role of [...made, ...own]) await asAdmin(`DROP ROLE ${escapeIdentifier(role)}`)
    },
  }
}

/** Runs SQL on a connection of its own. */
export async function query(url: string, sql: string): Promise<readonly QueryResultRow[]> {
  return await withClient(url, async (client) => (await client.query<QueryResultRow>(sql)).rows)
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  // The server may end a session that a test provokes.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

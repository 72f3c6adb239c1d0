import {
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QueryResultRow } from 'pg'
import { dbCommand, node, type Result, root, run, start } from './run.ts'
import { remember } from './secrets.ts'
import { type Credentials, makeTenant, query, type Tenant } from './tenant.ts'

const kinds = ['migrator', 'application', 'sweeper'] as const
export type Who = 'administrator' | (typeof kinds)[number]
export type Where = 'auth' | 'specs'

/** This repository's catalog with roles of its own, and an administrator as on a managed server: no superuser. */
export interface Arranged {
  readonly tenant: Tenant
  readonly directory: string
  readonly roles: Readonly<Record<(typeof kinds)[number], string>>
  url(who: Who, where: Where): string
  /** The names of the databases on the server. */
  readonly databases: Readonly<Record<Where, string>>
  db(who: Who, ...args: readonly string[]): Promise<Result>
  startDb(who: Who, ...args: readonly string[]): ReturnType<typeof start>
  query(who: Who, where: Where, sql: string): Promise<readonly QueryResultRow[]>
  /** Reads the passwords that the command wrote into its file; nothing of them may be seen from then on. */
  readPasswords(file: string): void
  dispose(): Promise<void>
}

export async function makeArranged(): Promise<Arranged> {
  const tenant = await makeTenant()
  const administrator = await tenant.createRole('CREATEDB CREATEROLE')
  await tenant.asAdmin(`GRANT pg_read_all_stats TO ${administrator.role} WITH ADMIN OPTION`)
  const roles = {
    migrator: `${tenant.role}_migrator`,
    application: `${tenant.role}_api`,
    sweeper: `${tenant.role}_sweeper`,
  }
  const databases = { auth: tenant.newName(), specs: tenant.newName() }
  const passwords = new Map<Who, string>([['administrator', administrator.password]])
  const directory = makeDirectory(roles)
  const url = (who: Who, where: Where) => {
    const role = who === 'administrator' ? administrator.role : roles[who]
    const credentials: Credentials = { role, password: passwords.get(who) ?? 'none' }
    return tenant.url(databases[where], credentials)
  }
  const options = (who: Who) => ({
    cwd: directory,
    env: { DATABASE_URL_AUTH: url(who, 'auth'), DATABASE_URL_SPECS: url(who, 'specs') },
  })
  return {
    tenant,
    directory,
    roles,
    url,
    databases,
    db: (who, ...args) => run(node, [dbCommand, ...args], options(who)),
    startDb: (who, ...args) => start(node, [dbCommand, ...args], options(who)),
    query: (who, where, sql) => query(url(who, where), sql),
    readPasswords: (file) => {
      const path = join(directory, file)
      if ((statSync(path).mode & 0o777) !== 0o600) throw new Error('others may read the passwords')
      for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
        const [role, password = ''] = line.split('=')
        const who = kinds.find((kind) => roles[kind] === role)
        if (who === undefined) throw new Error(`who is ${role}?`)
        passwords.set(who, remember(password))
      }
    },
    dispose: async () => {
      rmSync(directory, { recursive: true, force: true })
      await tenant.dispose()
    },
  }
}

function makeDirectory(roles: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'manybase-roles-')))
  for (const name of ['packages', 'node_modules']) symlinkSync(join(root, name), join(directory, name), 'dir')
  const catalog = readFileSync(join(root, 'databases.config.ts'), 'utf8')
  const own = catalog.replace(/roles: \{[^}]*\}/, `roles: ${JSON.stringify(roles)}`)
  if (own === catalog) throw new Error('the catalog names no roles')
  writeFileSync(join(directory, 'databases.config.ts'), own)
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }\n')
  return directory
}

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import type { QueryResultRow } from 'pg'
import { dbCommand, environment, node, type Result, type RunOptions, root, run, start } from './run.ts'
import { query, type Tenant } from './tenant.ts'

const packages = { socrates_auth: 'packages/db-auth', socrates_specs: 'packages/db-specs' } as const
type Name = keyof typeof packages
const names: readonly Name[] = ['socrates_auth', 'socrates_specs']
const variables = { socrates_auth: 'DATABASE_URL_AUTH', socrates_specs: 'DATABASE_URL_SPECS' } as const

/** A copy of this repository's catalog and histories that a test may change, with databases of its own. */
export interface Socrates {
  readonly directory: string
  readonly urls: Readonly<Record<Name, string>>
  write(path: string, text: string): void
  remove(path: string): void
  /** Writes a revision of socrates_specs. */
  revision(name: string, script: string, down?: string): void
  query(database: Name, sql: string): Promise<readonly QueryResultRow[]>
  /** The role of its URLs, with which the names of other roles begin. */
  readonly role: string
  /** Runs SQL with the server administrator's rights. */
  asAdmin(sql: string): Promise<readonly QueryResultRow[]>
  /** Forgets a database; it is not made again. */
  drop(database: Name): Promise<void>
  /** Runs a line in bash, in which `pnpm` is known and the home is the copy itself. */
  type(line: string, options?: Partial<RunOptions>): Promise<Result>
  /** The same without waiting for its end. */
  startTyping(line: string, options?: Partial<RunOptions>): ReturnType<typeof start>
  dispose(): Promise<void>
}

/** Both databases at head, from which each copy is made in a moment. */
export interface SocratesTemplate {
  readonly tenant: Tenant
  readonly urls: Readonly<Record<Name, string>>
}

export async function makeTemplate(tenant: Tenant): Promise<SocratesTemplate> {
  const urls = { socrates_auth: tenant.url(tenant.newName()), socrates_specs: tenant.url(tenant.newName()) }
  const migrated = await run(node, [dbCommand, 'migrate', '--no-log'], {
    cwd: root,
    env: environmentOf(urls),
  })
  if (migrated.exitCode !== 0) throw new Error(migrated.stderr)
  return { tenant, urls }
}

export async function makeSocrates({ tenant, urls: templates }: SocratesTemplate): Promise<Socrates> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'manybase-socrates-')))
  const databases = { socrates_auth: tenant.newName(), socrates_specs: tenant.newName() }
  const urls = {
    socrates_auth: tenant.url(databases.socrates_auth),
    socrates_specs: tenant.url(databases.socrates_specs),
  }
  for (const name of names) {
    await tenant.asAdmin(
      `CREATE DATABASE ${databases[name]} OWNER ${tenant.role} TEMPLATE ${databaseIn(templates[name])}`,
    )
  }
  copyTo(directory)
  const bin = join(directory, 'bin')
  const write = (path: string, text: string) => {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const options = (more: Partial<RunOptions> = {}): RunOptions => ({
    cwd: directory,
    ...more,
    env: {
      PATH: [bin, environment().PATH].join(delimiter),
      HOME: directory,
      ...environmentOf(urls),
      ...more.env,
    },
  })
  const type = (line: string, more?: Partial<RunOptions>) => run('bash', ['-c', line], options(more))
  return {
    directory,
    urls,
    write,
    remove: (path) => rmSync(join(directory, path), { recursive: true }),
    revision: (name, script, down = 'SELECT 1;\n') => {
      write(`packages/db-specs/prisma/migrations/${name}/migration.sql`, script)
      write(`packages/db-specs/prisma/migrations/${name}/down.sql`, down)
    },
    query: (name, sql) => query(urls[name], sql),
    role: tenant.role,
    asAdmin: (sql) => tenant.asAdmin(sql),
    drop: async (name) => {
      await tenant.asAdmin(`DROP DATABASE ${databases[name]} WITH (FORCE)`)
    },
    type,
    startTyping: (line, more) => start('bash', ['-c', `exec ${line}`], options(more)),
    dispose: async () => {
      if (existsSync(join(directory, '.data'))) await type('pnpm db down')
      await tenant.asAdmin(`DROP DATABASE IF EXISTS ${databases.socrates_auth} WITH (FORCE)`)
      await tenant.asAdmin(`DROP DATABASE IF EXISTS ${databases.socrates_specs} WITH (FORCE)`)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const environmentOf = (urls: Readonly<Record<Name, string>>) =>
  Object.fromEntries(names.map((name) => [variables[name], urls[name]]))

const databaseIn = (url: string) => new URL(url).pathname.slice(1)

/** What a package manager does with the scripts of the root, without its half a second a call. */
const pnpm = `#!/bin/sh
[ "$1" = -s ] && shift
case "$1" in
  db) shift ;;
  db:*) script=\${1#db:}; shift; set -- "$script" "$@" ;;
  *) echo "what is pnpm $1?" >&2; exit 64 ;;
esac
exec '${node}' '${dbCommand}' "$@"
`

function copyTo(directory: string): void {
  for (const file of [
    'databases.config.ts',
    'package.json',
    'docs/reference/schema',
    'docs/pictures',
    ...Object.values(packages),
  ]) {
    cpSync(join(root, file), join(directory, file), {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules',
    })
  }
  for (const folder of ['.', ...Object.values(packages)]) {
    symlinkSync(join(root, folder, 'node_modules'), join(directory, folder, 'node_modules'), 'dir')
  }
  mkdirSync(join(directory, 'bin'))
  writeFileSync(join(directory, 'bin/pnpm'), pnpm, { mode: 0o755 })
}

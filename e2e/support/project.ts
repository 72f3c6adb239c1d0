import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { QueryResultRow } from 'pg'
import { dbCommand, node, type Result, type RunOptions, root, run, start } from './run.ts'
import { query, type Tenant } from './tenant.ts'

/** Scripts by the name of their directory. */
export type Scripts = Readonly<Record<string, string>>

/** A repository for one test: a catalog, its histories on disk, and databases that don't exist yet. */
export interface Project {
  readonly directory: string
  /** What a user would have set: one URL variable a database. */
  readonly env: Readonly<Record<string, string>>
  url(database: string): string
  /** What the database is called on the server. */
  databaseName(database: string): string
  /** The same database with the server administrator's rights. */
  adminUrl(database: string): string
  write(path: string, text: string): void
  remove(path: string): void
  /** Writes a revision and returns its script's path. */
  revision(database: string, name: string, script: string): string
  db(args: readonly string[], options?: Partial<RunOptions>): Promise<Result>
  /** The official CLI in a database's folder, through the catalog's settings. */
  prisma(database: string, args: readonly string[], options?: Partial<RunOptions>): Promise<Result>
  /** The same as `db` without waiting for the end. */
  startDb(args: readonly string[], options?: Partial<RunOptions>): ReturnType<typeof start>
  query(database: string, sql: string): Promise<readonly QueryResultRow[]>
  dispose(): void
}

/** Makes a project with these databases and histories, in this order. */
export function makeProject(tenant: Tenant, histories: Readonly<Record<string, Scripts>>): Project {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'manybase-e2e-')))
  const databases = Object.keys(histories)
  const names = new Map(databases.map((database) => [database, tenant.newName()]))
  const nameOf = (database: string) => {
    const name = names.get(database)
    if (name === undefined) throw new Error(`the project has no database ${database}`)
    return name
  }
  const url = (database: string) => tenant.url(nameOf(database))
  const env = Object.fromEntries(databases.map((database) => [variableOf(database), url(database)]))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const revision = (database: string, name: string, script: string) => {
    const path = `${database}/prisma/migrations/${name}/migration.sql`
    write(path, script)
    return path
  }
  const options = (more: Partial<RunOptions> = {}): RunOptions => ({
    cwd: directory,
    ...more,
    env: { ...env, ...more.env },
  })
  write('package.json', '{ "private": true, "type": "module" }\n')
  write('databases.config.ts', catalogOf(databases))
  mkdirSync(join(directory, 'node_modules/@manybase'), { recursive: true })
  symlinkSync(join(root, 'packages/migrator'), join(directory, 'node_modules/@manybase/migrator'), 'dir')
  symlinkSync(
    join(root, 'packages/local-postgres'),
    join(directory, 'node_modules/@manybase/local-postgres'),
    'dir',
  )
  for (const [database, scripts] of Object.entries(histories)) {
    mkdirSync(join(directory, database, 'prisma/migrations'), { recursive: true })
    for (const [name, script] of Object.entries(scripts)) revision(database, name, script)
  }
  // The packages of these tests are those of each database, as they would be in a workspace.
  for (const database of databases) {
    symlinkSync(join(root, 'e2e/node_modules'), join(directory, database, 'node_modules'), 'dir')
    write(
      `${database}/prisma.config.ts`,
      `import { prismaConfig } from '@manybase/migrator/prisma-config'\nexport default prismaConfig('${database}')\n`,
    )
    write(`${database}/prisma/schema.prisma`, 'datasource db {\n  provider = "postgresql"\n}\n')
    write(`${database}/prisma/migrations/migration_lock.toml`, 'provider = "postgresql"\n')
  }
  return {
    directory,
    env,
    url,
    databaseName: nameOf,
    adminUrl: (database) => tenant.adminUrl(nameOf(database)),
    write,
    revision,
    remove: (path) => rmSync(join(directory, path), { recursive: true }),
    db: (args, more) => run(node, [dbCommand, ...args], options(more)),
    prisma: (database, args, more) =>
      run(join(directory, database, 'node_modules/.bin/prisma'), args, {
        cwd: join(directory, database),
        ...more,
        env: { ...env, ...more?.env },
      }),
    startDb: (args, more) => start(node, [dbCommand, ...args], options(more)),
    query: (database, sql) => query(url(database), sql),
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  }
}

export const variableOf = (database: string): string => `DATABASE_URL_${database.toUpperCase()}`

/** The label of a database is its first letter, so that `--a-only` means `alpha`. */
const catalogOf = (databases: readonly string[]): string => `
import { defineDatabases, fromVariable } from '@manybase/migrator/config'

export default defineDatabases({
  databases: {
${databases
  .map(
    (name) =>
      `    ${name}: { label: '${name[0]}', directory: '${name}', url: fromVariable('${variableOf(name)}') },`,
  )
  .join('\n')}
  },
})
`

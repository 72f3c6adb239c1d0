/** Where a database's URL comes from: one variable, or the parts that older set-ups use. */
export type UrlSource =
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'parts'
      readonly prefix: string
      readonly defaults: Readonly<Partial<Record<UrlPart, string>>>
    }

/** Where the members of a list come from: databases with one history. */
export type UrlListSource = (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'variable-list'; readonly name: string }
  | {
      readonly kind: 'query'
      /** Whom to ask: a database of the catalog by name, or a URL. */
      readonly of: string | UrlSource
      readonly sql: string
    }
) &
  UrlListOptions

export interface UrlListOptions {
  /** A list without members is refused unless this says that there may be none. */
  readonly mayBeEmpty?: boolean
}

export type UrlPart = 'HOST' | 'PORT' | 'NAME' | 'USER' | 'PASSWORD'

/** One database of the catalog, or a list of them with one history. Its name is the database's name on a local server. */
export type DatabaseConfig = HistoryConfig & (OneUrl | ManyUrls)

interface OneUrl {
  readonly url: UrlSource
}

interface ManyUrls {
  readonly urls: UrlListSource
}

export interface HistoryConfig {
  /** Short name for the command line: `auth` makes the flag `--auth-only`. Default: the database's name. */
  readonly label?: string
  /** The package that owns the database, relative to the catalog's file. */
  readonly directory: string
  /** Prisma schema, relative to `directory`. Default: `prisma/schema.prisma`. */
  readonly schema?: string
  /** Migration directory, relative to `directory`. Default: `prisma/migrations`. */
  readonly migrations?: string
  /** Folder of the generated client, relative to `directory`. Default: `generated`. */
  readonly client?: string
}

/** A server that runs on this machine. */
export interface RunningServer {
  readonly host: string
  readonly port: number
  readonly version: string
  url(database: string): string
}

/** The server that stands in where no URL is set, outside production. */
export interface LocalServer {
  find(root: string): Promise<RunningServer | undefined>
  start(root: string, onStep?: (step: { name: string; milliseconds: number }) => void): Promise<RunningServer>
  stop(root: string): Promise<boolean>
  destroy(root: string): Promise<boolean>
}

/** A database of the catalog as a companion is told of it. */
export interface CompanionSite {
  readonly name: string
  /** Its Prisma schema: a file, or a folder of files. */
  readonly schemaFile: string
  /** The PostgreSQL schema that its URL chooses. */
  readonly schema: string
  /** The same for databases of the catalog that share one PostgreSQL database. */
  readonly place: string
}

/** What a companion needs of a connection. */
export interface CompanionClient {
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** One thing to do in a database. */
export interface CompanionStatement {
  /** What is the matter, for people. */
  readonly description: string
  readonly sql: string
  /** The table that it locks against writers, quoted. */
  readonly table: string | undefined
}

/**
 * What lies in the databases beside their histories: tables with histories of their own in one PostgreSQL schema, and
 * triggers on the tables of the applications that call functions there. The migrator installs it, keeps it
 * in step and removes it, and knows nothing of what it is for.
 */
export interface Companion {
  /** Its PostgreSQL schema in each database that takes part. */
  readonly schema: string
  /** Makes the schema, marked as its own. */
  readonly createSchema: string
  /**
   * An SQL expression of type text: the stamp with which a database was brought in step; empty when it isn't in
   * step any more, null where nothing of the companion's is.
   */
  readonly installedStamp: string
  /** A statement that leaves the stamp in a database. */
  writeStamp(stamp: string): string
  /** The stamp that each database should have; null for one that takes no part. Quick: every migration asks. */
  stamps(sites: readonly CompanionSite[]): ReadonlyMap<string, string | null>
  /** Loads what knows more; asked only when a database isn't in step, or changes. */
  open(sites: readonly CompanionSite[]): Promise<CompanionInstaller>
}

/** A history of a companion: its folder of revisions, and what it is called. */
export interface CompanionHistory {
  readonly name: string
  readonly migrations: string
}

/** What a companion puts into a script for psql. */
export interface CompanionOffline {
  /** Once in a session, after the companion's histories. */
  readonly prepare: string
  /** Before a migration, in its transaction. */
  before(script: string): string
  /** After it, in the same transaction. */
  readonly after: string
}

export interface CompanionInstaller {
  /** All histories that there are. */
  readonly known: readonly CompanionHistory[]
  /** Those that a database takes part in. */
  histories(name: string): readonly CompanionHistory[]
  /** What brings a PostgreSQL database in step in which these databases of the catalog lie, and no others. */
  changes(client: CompanionClient, names: readonly string[]): Promise<readonly CompanionStatement[]>
  /** What is missing of one of them; what may belong to another stays. */
  additions(client: CompanionClient, name: string): Promise<readonly CompanionStatement[]>
  /** The same for a script that is written without a connection. */
  offline(name: string): CompanionOffline
  /** What keeps a script from changing columns, and stands aside while it runs. */
  inTheWay(client: CompanionClient, name: string, script: string): Promise<readonly CompanionStatement[]>
  /** What the roles of a server need in a database, beyond an application's rights on its own tables. */
  rights(name: string): CompanionRights
}

/** Roles of a server, one for each kind of process; `pnpm db roles` makes them and gives them their rights. */
export interface RoleNames {
  /** Owns everything that migrations make. */
  readonly migrator: string
  /** Reads and writes rows. */
  readonly application?: string
  /** Does what a companion does by itself. */
  readonly sweeper?: string
}

export interface CompanionRights {
  readonly grants: readonly CompanionGrant[]
  /** Predefined roles of PostgreSQL that a role has to be a member of. */
  readonly memberships: readonly { readonly role: CompanionRole; readonly of: string }[]
}

export type CompanionRole = Exclude<keyof RoleNames, 'migrator'>

/** Rights on a schema, a table, a sequence, or all functions of one name; where there is none, nothing is given. */
export interface CompanionGrant {
  readonly role: CompanionRole
  readonly on: 'schema' | 'table' | 'sequence' | 'routine'
  readonly schema: string
  /** Empty for a schema. */
  readonly name: string
  readonly privileges: readonly string[]
  /** Only on these columns. */
  readonly columns?: readonly string[]
}

export interface CatalogConfig {
  readonly databases: Readonly<Record<string, DatabaseConfig>>
  readonly local?: LocalServer
  /** Keeps references between the databases intact: `referenceIntegrity()` of `@manybase/app-validation/migrate`. */
  readonly integrity?: Companion
  /** The roles under which the databases are used: `pnpm db roles`. */
  readonly roles?: RoleNames
  /** Command that generates a client, run in the directory of each database whose client isn't in step. */
  readonly generate?: readonly [command: string, ...args: string[]]
  /**
   * How new revisions are numbered: one sequence over the whole catalog, one for each history, or the time in
   * UTC. Default: `catalog`.
   */
  readonly revisions?: 'catalog' | 'history' | 'timestamp'
}

/** Types a catalog: `export default defineDatabases({ databases: { … } })`. The order is the order of work. */
export const defineDatabases = <const T extends CatalogConfig>(config: T): T => config

/** The URL is in one environment variable: `fromVariable('DATABASE_URL_AUTH')`. */
export const fromVariable = (name: string): UrlSource => ({ kind: 'variable', name })

/**
 * The URL is composed of `<prefix>HOST`, `PORT`, `NAME`, `USER` and `PASSWORD`:
 * `fromParts('DB_', { PORT: '15432' })`. A part that is neither set nor has a default counts as unset.
 */
export const fromParts = (prefix: string, defaults: Partial<Record<UrlPart, string>> = {}): UrlSource => ({
  kind: 'parts',
  prefix,
  defaults,
})

/**
 * The members are in a file, `name=url` or `url` each, separated by white space; `#` begins a comment. The path
 * is relative to the catalog's file.
 */
export const fromFile = (path: string, options: UrlListOptions = {}): UrlListSource => ({
  ...options,
  kind: 'file',
  path,
})

/** The same text in one environment variable: `TENANT_URLS="acme=postgresql://… umbrella=postgresql://…"`. */
export const fromVariableList = (name: string, options: UrlListOptions = {}): UrlListSource => ({
  ...options,
  kind: 'variable-list',
  name,
})

/**
 * The members are the rows of a query. Columns: `name`, and `url` or else `database`, `schema` or both, which
 * stand in the URL of the database that is asked. `database` names one of the catalog, `url` says where another
 * one is.
 */
export const fromQuery = (
  query: { readonly sql: string } & ({ readonly database: string } | { readonly url: UrlSource }),
  options: UrlListOptions = {},
): UrlListSource => ({
  ...options,
  kind: 'query',
  of: 'database' in query ? query.database : query.url,
  sql: query.sql,
})

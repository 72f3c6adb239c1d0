import { join, sep } from 'node:path'
import type { CatalogConfig, Companion, DatabaseConfig, LocalServer, RoleNames, UrlSource } from './define.ts'
import { configInvalid, databaseUnknown, schemaUnknown } from './failures.ts'
import { isListSource, type Source } from './sources/source.ts'

/** One database of the catalog, or one list of them, with its paths made absolute. */
export interface Database {
  readonly name: string
  readonly label: string
  readonly directory: string
  readonly schemaFile: string
  readonly migrations: string
  readonly client: string
  /** Where its URL comes from, or those of its members. */
  readonly source: Source
  /** Under which it is used. */
  readonly roles?: RoleNames
}

/** Which databases there are, in the order of work. */
export interface Catalog {
  readonly root: string
  readonly databases: readonly Database[]
  readonly local?: LocalServer
  readonly integrity?: Companion
  readonly roles?: RoleNames
  readonly generate?: readonly [command: string, ...args: string[]]
  /** How new revisions are numbered. */
  readonly revisions: NonNullable<CatalogConfig['revisions']>
}

const numberings: readonly Catalog['revisions'][] = ['catalog', 'history', 'timestamp']

/** @throws `config.invalid` when the file's default export isn't a catalog */
export function makeCatalog(root: string, file: string, config: unknown): Catalog {
  if (!isConfig(config)) throw configInvalid({ file, problem: 'its default export has no databases' })
  const databases = Object.entries(config.databases).map(([name, entry]) => {
    if (!isEntry(entry)) throw configInvalid({ file, problem: problemOf(name, entry) })
    return { ...makeDatabase(root, name, entry), ...(config.roles && { roles: config.roles }) }
  })
  if (databases.length === 0) throw configInvalid({ file, problem: 'it lists no database' })
  const twice = databases.find(({ label }, index) =>
    databases.some((other, at) => at !== index && [other.label, other.name].includes(label)),
  )
  if (twice) throw configInvalid({ file, problem: `two databases answer to "${twice.label}"` })
  const slashed = databases.find(({ name, label }) => `${name}${label}`.includes('/'))
  if (slashed)
    throw configInvalid({ file, problem: `"${slashed.name}" has a slash, which stands before members` })
  const asking = databases.find(({ source }) => source.kind === 'query' && !mayBeAsked(source.of, databases))
  if (asking) {
    throw configInvalid({
      file,
      problem: `${asking.name} asks a database for its list that isn't one of the catalog`,
    })
  }
  const { revisions = 'catalog' } = config
  if (!numberings.includes(revisions)) {
    throw configInvalid({ file, problem: `revisions is none of ${numberings.join(', ')}` })
  }
  const { roles } = config
  const problem = roles === undefined ? undefined : problemOfRoles(roles)
  if (problem !== undefined) throw configInvalid({ file, problem })
  return {
    root,
    databases,
    revisions,
    ...(roles && { roles }),
    ...(config.local && { local: config.local }),
    ...(config.integrity && { integrity: config.integrity }),
    ...(config.generate && { generate: config.generate }),
  }
}

function makeDatabase(root: string, name: string, entry: DatabaseConfig): Database {
  const directory = join(root, entry.directory)
  return {
    name,
    label: entry.label ?? name,
    directory,
    schemaFile: join(directory, entry.schema ?? 'prisma/schema.prisma'),
    migrations: join(directory, entry.migrations ?? 'prisma/migrations'),
    client: join(directory, entry.client ?? 'generated'),
    source: 'url' in entry ? entry.url : entry.urls,
  }
}

/** A list isn't asked for another list: it has no single URL. */
const mayBeAsked = (of: string | UrlSource, databases: readonly Database[]): boolean =>
  typeof of !== 'string' || databases.some(({ name, source }) => name === of && !isListSource(source))

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isConfig = (value: unknown): value is CatalogConfig =>
  isObject(value) && 'databases' in value && isObject(value.databases)

const hasDirectory = (entry: object) => 'directory' in entry && typeof entry.directory === 'string'
const isSource = (value: unknown) => isObject(value) && 'kind' in value && typeof value.kind === 'string'
const hasUrl = (entry: object) => 'url' in entry && isSource(entry.url)
const hasUrls = (entry: object) => 'urls' in entry && isSource(entry.urls)

/** A catalog may be written without the types. */
const isEntry = (entry: unknown): entry is DatabaseConfig =>
  isObject(entry) && hasDirectory(entry) && hasUrl(entry) !== hasUrls(entry)

function problemOf(name: string, entry: unknown): string {
  if (!isObject(entry) || !hasDirectory(entry)) return `${name} has no directory`
  return hasUrl(entry)
    ? `${name} has both url and urls`
    : `${name} has no url: use fromVariable or fromParts; or, for a list, urls: fromFile, fromVariableList or fromQuery`
}

/** Two of them may be one, but the owner of everything is nobody else. */
function problemOfRoles({ migrator, application, sweeper }: RoleNames): string | undefined {
  const others = [application, sweeper].filter((name) => name !== undefined)
  const bad = [migrator, ...others].find(
    (name) =>
      typeof name !== 'string' || name === '' || Buffer.byteLength(name) > 63 || /^pg_|[\0=\s]/.test(name),
  )
  if (typeof migrator !== 'string') return 'roles has no migrator'
  if (bad !== undefined) return `roles has "${bad}", which is no name for a role`
  return others.includes(migrator) ? `roles has "${migrator}" as the migrator and as another one` : undefined
}

export const namesIn = ({ databases }: Catalog): readonly string[] => databases.map(({ name }) => name)

/**
 * The databases that are meant, by name or label, in the catalog's order; all of them when none is named.
 * `tenants/acme` and `tenants/a*` mean the list here.
 * @throws `database.unknown`
 */
export function select(catalog: Catalog, names: readonly string[]): readonly Database[] {
  if (names.length === 0) return catalog.databases
  const wanted = new Set(names.map((name) => findDatabase(catalog, name)))
  return catalog.databases.filter((database) => wanted.has(database))
}

/**
 * The database that a Prisma schema belongs to: its file, or a file of its folder.
 * @throws `database.schema-unknown`
 */
export function findBySchema(catalog: Catalog, path: string): Database {
  const found = catalog.databases.find(
    ({ schemaFile }) => schemaFile === path || path.startsWith(`${schemaFile}${sep}`),
  )
  if (!found) throw schemaUnknown({ path, known: catalog.databases.map(({ schemaFile }) => schemaFile) })
  return found
}

/** The database or list of that name or label; `tenants/acme` finds the list. */
export function findDatabase(catalog: Catalog, name: string): Database {
  const [first = name, ...member] = name.split('/')
  const found = catalog.databases.find((database) => database.name === first || database.label === first)
  if (!found || (member.length > 0 && !isListSource(found.source))) {
    throw databaseUnknown({ name, known: catalog.databases.map((database) => database.name) })
  }
  return found
}

/** The same in full: `auth` becomes `socrates_auth`, and `t/acme` `tenants/acme`. */
export function fullName(catalog: Catalog, name: string): string {
  const [, ...member] = name.split('/')
  return [findDatabase(catalog, name).name, ...member].join('/')
}

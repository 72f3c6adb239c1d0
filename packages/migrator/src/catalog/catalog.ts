import { join, sep } from 'node:path'
import type { CatalogConfig, DatabaseConfig, LocalServer, UrlSource } from './define.ts'
import { configInvalid, databaseUnknown, schemaUnknown } from './failures.ts'

/** One database of the catalog, with its paths made absolute. */
export interface Database {
  readonly name: string
  readonly label: string
  readonly directory: string
  readonly schemaFile: string
  readonly migrations: string
  readonly client: string
  readonly url: UrlSource
}

/** Which databases there are, in the order of work. */
export interface Catalog {
  readonly root: string
  readonly databases: readonly Database[]
  readonly local?: LocalServer
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
    return makeDatabase(root, name, entry)
  })
  if (databases.length === 0) throw configInvalid({ file, problem: 'it lists no database' })
  const twice = databases.find(({ label }, index) =>
    databases.some((other, at) => at !== index && [other.label, other.name].includes(label)),
  )
  if (twice) throw configInvalid({ file, problem: `two databases answer to "${twice.label}"` })
  const { revisions = 'catalog' } = config
  if (!numberings.includes(revisions)) {
    throw configInvalid({ file, problem: `revisions is none of ${numberings.join(', ')}` })
  }
  return {
    root,
    databases,
    revisions,
    ...(config.local && { local: config.local }),
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
    url: entry.url,
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isConfig = (value: unknown): value is CatalogConfig =>
  isObject(value) && 'databases' in value && isObject(value.databases)

const hasDirectory = (entry: object) => 'directory' in entry && typeof entry.directory === 'string'
const hasUrl = (entry: object) =>
  'url' in entry && isObject(entry.url) && 'kind' in entry.url && typeof entry.url.kind === 'string'

/** A catalog may be written without the types. */
const isEntry = (entry: unknown): entry is DatabaseConfig =>
  isObject(entry) && hasDirectory(entry) && hasUrl(entry)

const problemOf = (name: string, entry: unknown): string =>
  isObject(entry) && hasDirectory(entry)
    ? `${name} has no url: use fromVariable or fromParts`
    : `${name} has no directory`

export const namesIn = ({ databases }: Catalog): readonly string[] => databases.map(({ name }) => name)

/**
 * The databases that are meant, by name or label, in the catalog's order; all of them when none is named.
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

export function findDatabase(catalog: Catalog, name: string): Database {
  const found = catalog.databases.find((database) => database.name === name || database.label === name)
  if (!found) throw databaseUnknown({ name, known: catalog.databases.map((database) => database.name) })
  return found
}

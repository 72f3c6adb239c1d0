import type { Catalog, Database } from './catalog.ts'
import type { RunningServer, UrlSource } from './define.ts'
import type { Environment } from './environment.ts'
import { urlIncomplete, urlMissing } from './failures.ts'
import { type DatabaseUrl, parseDatabaseUrl } from './url.ts'

/** A database of the catalog with the URL that is in force for it. */
export interface Target extends Database {
  readonly connection: DatabaseUrl
  /** What set the URL: `DATABASE_URL_AUTH (environment)`, or `local server`. */
  readonly origin: string
}

/** Either every selected database has a URL, or none has and a local server is to stand in. */
export type Resolution =
  | { readonly kind: 'urls'; readonly targets: readonly Target[] }
  | { readonly kind: 'local'; readonly databases: readonly Database[] }

/**
 * Decides where the selected databases are. Pure: looks nothing up but variables.
 * @throws `url.missing`, `url.incomplete`, `url.unusable`
 */
export function resolve(catalog: Catalog, databases: readonly Database[], env: Environment): Resolution {
  const found = databases.map((database) => ({ database, url: urlOf(database.url, env) }))
  const unset = found.filter(({ url }) => url === undefined).map(({ database }) => nameOf(database.url))
  if (unset.length === 0) {
    return { kind: 'urls', targets: found.map(({ database, url }) => makeTarget(database, url ?? '', env)) }
  }
  if (unset.length < found.length) {
    const set = found.filter(({ url }) => url !== undefined).map(({ database }) => nameOf(database.url))
    throw urlIncomplete({ set, unset })
  }
  if (env.production || !catalog.local) throw urlMissing({ variables: unset })
  return { kind: 'local', databases }
}

/** Where the databases are on a local server. */
export const onLocalServer = (databases: readonly Database[], server: RunningServer): readonly Target[] =>
  databases.map((database) => ({
    ...database,
    connection: parseDatabaseUrl(server.url(database.name), 'the local server'),
    origin: `local server, PostgreSQL ${server.version}`,
  }))

function makeTarget(database: Database, url: string, env: Environment): Target {
  const name = nameOf(database.url)
  const variable = database.url.kind === 'variable' ? name : `${database.url.prefix}HOST`
  return {
    ...database,
    connection: parseDatabaseUrl(url, name),
    origin: `${name} (${env.origin(variable) ?? 'default'})`,
  }
}

/** The variables that a source reads, for messages. */
export const nameOf = (source: UrlSource): string =>
  source.kind === 'variable' ? source.name : `${source.prefix}HOST/PORT/NAME/USER/PASSWORD`

function urlOf(source: UrlSource, env: Environment): string | undefined {
  if (source.kind === 'variable') return env.get(source.name)
  const part = (name: keyof typeof source.defaults) =>
    env.get(`${source.prefix}${name}`) ?? source.defaults[name]
  const [host, port, database, user, password] = [
    part('HOST'),
    part('PORT') ?? '5432',
    part('NAME'),
    part('USER'),
    part('PASSWORD'),
  ]
  if (host === undefined || database === undefined || user === undefined) return undefined
  const credentials = [user, password]
    .filter((text) => text !== undefined)
    .map(encodeURIComponent)
    .join(':')
  return `postgresql://${credentials}@${host}:${port}/${encodeURIComponent(database)}`
}

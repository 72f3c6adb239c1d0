import { urlUnusable } from './failures.ts'

/** A PostgreSQL connection URL, taken apart once. */
export interface DatabaseUrl {
  /** As it was given, for tools that know Prisma's parameters. */
  readonly url: string
  /** For the driver: Prisma's own parameters are taken out. */
  readonly connectionString: string
  /** The PostgreSQL schema that holds the history and its ledger (`?schema=`). */
  readonly schema: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** For people: the password is stars. */
  readonly masked: string
}

/** Parameters that mean something to Prisma and nothing to the driver. */
const prismaParameters = [
  'schema',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
  'socket_timeout',
  'statement_cache_size',
]

/**
 * Parses `postgresql://…`. `variable` names the URL's origin in the failure, which never quotes the URL.
 * @throws `url.unusable` for another scheme or anything that isn't a URL
 */
export function parseDatabaseUrl(text: string, variable: string): DatabaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw urlUnusable({ variable, problem: describe(text, url) })
  }
  if (![url.username, url.password, url.pathname].every(isDecodable)) {
    throw urlUnusable({ variable, problem: 'it has a % that begins no escape' })
  }
  const database = decodeURIComponent(url.pathname.slice(1))
  if (!database) throw urlUnusable({ variable, problem: 'it names no database after the host' })
  const schema = url.searchParams.get('schema') ?? 'public'
  for (const parameter of prismaParameters) url.searchParams.delete(parameter)
  return {
    url: text,
    connectionString: url.href,
    schema,
    host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost'),
    port: Number(url.port || 5432),
    database,
    user: decodeURIComponent(url.username),
    masked: maskPassword(text),
  }
}

/** The same server and another database, for maintenance. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

/** The same database and another PostgreSQL schema, as Prisma's URLs say it. */
export function withSchema(url: string, schema: string): string {
  const changed = new URL(url)
  changed.searchParams.set('schema', schema)
  return changed.href
}

/** Puts stars for the password and for secrets among the parameters. */
export function maskPassword(text: string): string {
  return text
    .replace(/^([a-z][\w+.-]*:\/\/[^:/?#@]*):.*@/i, '$1:***@')
    .replace(/([?&](?:password|sslpassword|api_key)=)[^&#]*/gi, '$1***')
}

/** The driver would guess at a stray %, and could guess wrong in a password. */
const isDecodable = (part: string): boolean => !/%(?![0-9a-f]{2})/i.test(part)

function describe(text: string, url: URL | undefined): string {
  if (text.trim() === '') return 'it is empty'
  if (/^(sqlite|file):/i.test(text)) return 'it names SQLite, and the histories are written for PostgreSQL'
  if (url?.protocol && /^[a-z]/i.test(url.protocol) && text.includes('://')) {
    return `its scheme is "${url.protocol.slice(0, -1)}", not "postgresql"`
  }
  return 'it is not a URL'
}

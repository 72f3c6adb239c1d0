import type { PoolConfig } from 'pg'
import { database } from './database.ts'
import { DatabaseUrlError } from './database-url-error.ts'
import type { ClientOptions, TimeoutOptions } from './options.ts'

export interface Connection {
  readonly pool: PoolConfig
  /** The PostgreSQL schema of the tables; undefined for the server's default, `public`. */
  readonly schema: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** From options and environment to what the driver wants. Opens nothing. */
export function connectionFrom(options: ClientOptions, environment: Environment): Connection {
  const url = parseUrl(options.url ?? environment[database.urlVariable])
  const schema = take(url, 'schema')
  const limit = amount(url, 'connection_limit')
  const [poolTimeout, connectTimeout] = [amount(url, 'pool_timeout'), amount(url, 'connect_timeout')]
  const wait = poolTimeout ?? connectTimeout
  const applicationName = take(url, 'application_name')
  if (schema !== undefined) searchPath(url, schema)
  const { pool = {}, timeouts = {} } = options
  return {
    schema,
    pool: {
      connectionString: url.href,
      application_name: options.applicationName ?? applicationName ?? database.name,
      max: pool.size ?? limit ?? 10,
      idleTimeoutMillis: pool.idleTimeout ?? 300_000,
      connectionTimeoutMillis: pool.connectionTimeout ?? (wait === undefined ? 10_000 : wait * 1000),
      ...serverLimits(timeouts),
    },
  }
}

function parseUrl(text: string | undefined): URL {
  if (text === undefined || text === '') {
    throw new DatabaseUrlError('url.missing', {
      what: `No URL for the database ${database.name}.`,
      why: `Neither the option "url" nor the variable ${database.urlVariable} is set.`,
      fix: `Run "pnpm db:url" to print the URLs of the local databases, and set ${database.urlVariable}.`,
    })
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'postgresql:' || url?.protocol === 'postgres:') return url
  throw new DatabaseUrlError('url.unusable', {
    what: `The URL for the database ${database.name} cannot be used.`,
    why: url ? `Its scheme is "${url.protocol}", which is not PostgreSQL's.` : 'It is not a URL.',
    fix: `Set ${database.urlVariable} to postgresql://user:password@host:port/${database.name}, with special characters of the password percent-encoded.`,
  })
}

/** Removes a parameter that is Prisma's, not the driver's. */
function take(url: URL, name: string): string | undefined {
  const value = url.searchParams.get(name) ?? undefined
  url.searchParams.delete(name)
  return value === '' ? undefined : value
}

function amount(url: URL, name: string): number | undefined {
  const value = Number(take(url, name) ?? Number.NaN)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Raw SQL shall find the same tables as the client's own queries, which name the schema themselves. */
function searchPath(url: URL, schema: string) {
  const quoted = `"${schema.replaceAll('"', '""')}"`.replaceAll(/[\\ ]/g, '\\$&')
  const others = url.searchParams.get('options')
  url.searchParams.set('options', [others, `-c search_path=${quoted}`].filter(Boolean).join(' '))
}

/** The driver sends every key that is there, so what nobody asked for must not even be a key. */
function serverLimits({ statement, lock, idleInTransaction }: TimeoutOptions) {
  return {
    ...(statement !== undefined && { statement_timeout: statement }),
    ...(lock !== undefined && { lock_timeout: lock }),
    ...(idleInTransaction !== undefined && { idle_in_transaction_session_timeout: idleInTransaction }),
  }
}

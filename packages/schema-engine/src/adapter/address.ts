import type { PoolConfig } from 'pg'

/** Where a history lives, read from a URL as Prisma writes it. */
export interface Address {
  /** What the driver needs; holds the password. */
  readonly config: PoolConfig & { readonly connectionString: string }
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** The PostgreSQL schema of `?schema=`. */
  readonly schema: string
  /** `sslmode=prefer`: TLS where the server has it, and plain text where it hasn't. */
  readonly prefersTls: boolean
}

/** What Prisma's URLs may carry that the driver has no use for. */
const prismaOnly = [
  'schema',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
  'socket_timeout',
  'statement_cache_size',
  'connect_timeout',
  'sslaccept',
  'single_use_connections',
]

/** Seconds; Prisma's own default. */
const defaultConnectTimeout = 5

/** Reads a PostgreSQL URL; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:') return undefined
  const parameters = new URLSearchParams(url.search)
  if (parameters.get('sslaccept') === 'accept_invalid_certs') url.searchParams.set('sslmode', 'no-verify')
  const prefersTls = parameters.get('sslmode') === 'prefer'
  // The driver takes "prefer" for the strictest mode; in Prisma's and libpq's meaning it proves nothing.
  if (prefersTls) url.searchParams.set('sslmode', 'no-verify')
  for (const name of prismaOnly) url.searchParams.delete(name)
  const seconds = Number(parameters.get('connect_timeout') ?? defaultConnectTimeout)
  const user = decodeURIComponent(url.username)
  return {
    config: { connectionString: url.href, connectionTimeoutMillis: seconds * 1000 },
    host: parameters.get('host') ?? url.hostname,
    port: Number(parameters.get('port') ?? (url.port || 5432)),
    database: decodeURIComponent(url.pathname.slice(1)) || user || 'postgres',
    user,
    schema: parameters.get('schema') ?? 'public',
    prefersTls,
  }
}

/** The same server and credentials, another database. */
export function withDatabase(address: Address, database: string): Address {
  return {
    ...changed(address, (url) => {
      url.pathname = `/${encodeURIComponent(database)}`
    }),
    database,
  }
}

/** The same address without TLS. */
export function withoutTls(address: Address): Address {
  return { ...changed(address, (url) => url.searchParams.set('sslmode', 'disable')), prefersTls: false }
}

function changed(address: Address, change: (url: URL) => void): Address {
  const url = new URL(address.config.connectionString)
  change(url)
  return { ...address, config: { ...address.config, connectionString: url.href } }
}

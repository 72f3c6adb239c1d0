/** Everything a client can be told. All times are in milliseconds; 0 means "no limit". */
export interface ClientOptions {
  /**
   * `postgresql://…`; by default the database's variable of the environment. `?schema=` names the PostgreSQL
   * schema of the tables; `connection_limit`, `pool_timeout` and `connect_timeout` (in seconds) are honoured
   * as Prisma defines them, unless `pool` says otherwise.
   */
  readonly url?: string
  readonly pool?: PoolOptions
  readonly timeouts?: TimeoutOptions
  /** What `pg_stat_activity` shows; by default the name of the database. */
  readonly applicationName?: string
  readonly log?: LogOptions
}

export interface PoolOptions {
  /** Connections at most; 10 by default. */
  readonly size?: number
  /** How long an unused connection stays open; 5 minutes by default. */
  readonly idleTimeout?: number
  /** How long a query waits for a connection, opening one included; 10 seconds by default. */
  readonly connectionTimeout?: number
}

/** Limits that the server enforces. What is left out stays as the server is configured. */
export interface TimeoutOptions {
  readonly statement?: number
  readonly lock?: number
  readonly idleInTransaction?: number
}

export type LogLevel = 'query' | 'info' | 'warn' | 'error'

export interface LogEntry {
  readonly level: LogLevel
  /** For `query` the SQL, with placeholders. */
  readonly message: string
  readonly at: Date
  /** Milliseconds, for `query`. */
  readonly duration?: number
  /** The values of the placeholders, for `query`, when `parameters` asks for them. */
  readonly parameters?: string
}

export type SlowQuery = Omit<LogEntry, 'level'> & { readonly duration: number }

export interface LogOptions {
  /** `warn` and `error` by default. */
  readonly levels?: readonly LogLevel[]
  /** Where entries go; by default a line each on stderr. */
  readonly write?: (entry: LogEntry) => void
  readonly slowQuery?: {
    /** Queries that take this many milliseconds or more are reported. */
    readonly threshold: number
    readonly report: (query: SlowQuery) => void
  }
  /**
   * Whether values may appear in entries, and source code in Prisma's errors. Off by default: values are
   * e-mail addresses, hashes and whatever else users entrust to the database.
   */
  readonly parameters?: boolean
}

export * from './client.ts'
export { DatabaseUrlError } from './database-url-error.ts'
export type {
  ClientOptions,
  LogEntry,
  LogLevel,
  LogOptions,
  PoolOptions,
  SlowQuery,
  TimeoutOptions,
} from './options.ts'

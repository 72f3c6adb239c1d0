type Level = 'INFO' | 'WARN' | 'ERROR'

/** `message` is shown to people; `error_code` is Prisma's (P1001, …). */
export interface LogFields {
  readonly message: string
  readonly error_code?: string
  readonly is_panic?: boolean
  readonly backtrace?: string
}

/** One line in the native engine's log format, in which the CLI looks for the reason of a failure. */
export function log(level: Level, fields: LogFields): void {
  const line = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

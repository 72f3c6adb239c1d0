/** Server parameters, passed on the command line so that they hold for data directories made earlier. */
export type Settings = Readonly<Record<string, string>>

const common: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed starts are recognised by their English message.
  lc_messages: 'C',
  password_encryption: 'scram-sha-256',
}

/** Durable, and with the write-ahead log that change data capture and logical replicas need. */
export const developmentSettings: Settings = { ...common, wal_level: 'logical' }

/** The data of a test run is thrown away, so nothing waits for the disk. Semantics are unchanged. */
export const testSettings: Settings = {
  ...common,
  wal_level: 'logical',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_prepared_transactions: '20',
}

/** @returns the arguments for `postgres`. */
export function settingArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

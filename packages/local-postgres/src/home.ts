import { join, resolve } from 'node:path'

/** The files of one embedded server. */
export interface Home {
  readonly directory: string
  /** PostgreSQL's own data directory. It exists only when it is complete. */
  readonly data: string
  readonly log: string
  /** Port, user and password; readable by the owner alone. */
  readonly connection: string
  /** Held by the process that starts the server. */
  readonly lock: string
}

export function homeAt(directory: string): Home {
  const absolute = resolve(directory)
  return {
    directory: absolute,
    data: join(absolute, 'data'),
    log: join(absolute, 'postgres.log'),
    connection: join(absolute, 'connection.json'),
    lock: join(absolute, 'start.lock'),
  }
}

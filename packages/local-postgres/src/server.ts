/** A PostgreSQL that accepts connections on the loopback interface. */
export interface RunningServer {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly pid: number
  /** Release of the server, such as `17.10`. */
  readonly version: string
  readonly dataDirectory: string
  /** Connection URL of one database. It carries the password: print it only when asked to. */
  url(database: string): string
}

/** Something that took time while the server was started. */
export interface Step {
  readonly name: string
  readonly milliseconds: number
}

export type OnStep = (step: Step) => void

/** The embedded server of one repository. `root` is the repository's absolute path. */
export interface LocalPostgres {
  readonly kind: 'embedded'
  /** The running server, or undefined. Reads files and checks a process id; starts nothing. */
  find(root: string): Promise<RunningServer | undefined>
  /**
   * Starts the server, or joins the one that another process is starting. Idempotent. The server outlives
   * the calling process and keeps none of its file descriptors.
   */
  start(root: string, onStep?: OnStep): Promise<RunningServer>
  /** Stops the server; false when none ran. Clients that are connected are disconnected. */
  stop(root: string): Promise<boolean>
  /** Stops the server and deletes its data; false when there was nothing to delete. */
  destroy(root: string): Promise<boolean>
}

export const loopback = '127.0.0.1'

/** @returns `postgresql://user:password@host:port/database`, each part escaped. */
export function serverUrl(
  server: Pick<RunningServer, 'host' | 'port' | 'user' | 'password'>,
  database: string,
): string {
  const { host, port, user, password } = server
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return `postgresql://${account}@${host}:${port}/${encodeURIComponent(database)}`
}

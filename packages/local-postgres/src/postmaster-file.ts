/** What a running server writes into `postmaster.pid`, as far as it is of use here. */
export interface PostmasterFile {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

/**
 * Parses `postmaster.pid`: one value a line, namely process id, data directory, start time, port, socket
 * directory, listen address, shared memory key, status. The file grows while the server starts.
 *
 * @see PostgreSQL's src/include/utils/pidfile.h
 * @returns undefined when the file doesn't even hold a process id.
 */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  // A negative number is a standalone backend, which no client can reach.
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3] ?? 0) || 0, ready: lines[7] === 'ready' }
}

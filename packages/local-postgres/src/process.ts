import { readlink, realpath } from 'node:fs/promises'
import { connect } from 'node:net'
import { hasCode } from './files.ts'
import { loopback } from './server.ts'

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/**
 * Whether `pid` is the postmaster of this data directory, and not another program that was given the number
 * of a dead one. A postmaster's working directory is its data directory, which Linux shows; elsewhere the
 * port must answer as PostgreSQL does.
 */
export async function servesDirectory(pid: number, data: string, port: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return port === 0 || speaksPostgres(port)
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))
  } catch (error) {
    // A process of another account can't be looked into.
    if (hasCode(error, 'EACCES', 'EPERM')) return port !== 0 && speaksPostgres(port)
    return false
  }
}

// Int32 length, Int32 80877103: "may I use TLS?". Every PostgreSQL answers with one byte, S or N.
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

function speaksPostgres(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port, timeout: 2_000 })
    const finish = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => socket.write(sslRequest))
    socket.once('data', (bytes) => finish(bytes[0] === 0x53 || bytes[0] === 0x4e))
    socket.once('error', () => finish(false))
    socket.once('timeout', () => finish(false))
    socket.once('close', () => finish(false))
  })
}

import { once } from 'node:events'
import { createServer } from 'node:net'
import { errorCode } from '@manybase/failure'

const highest = 65_535

/** How many ports are tried before the system is asked for any. */
const near = 100

/**
 * Whether nothing listens at a port of this machine, be it by IPv4 or IPv6: of `localhost` a browser may try either.
 * Somebody else may take it a moment later.
 */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) if (!(await canListen(port, host))) return false
  return true
}

/** The first free port from `first` on that is none of `taken`; any other where there is none for long. */
export async function findPort(first: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = first; port < Math.min(first + near, highest); port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port
  }
  return await anyPort()
}

async function canListen(port: number, host: string): Promise<boolean> {
  if (port > highest) return false
  const server = createServer()
  server.listen({ port, host })
  try {
    await once(server, 'listening')
  } catch (error) {
    // A machine without IPv6 has no such address that anybody could listen at.
    return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(errorCode(error) ?? '')
  }
  server.close()
  await once(server, 'close')
  return true
}

async function anyPort(): Promise<number> {
  const server = createServer().listen({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new TypeError('A server has an address.')
  return address.port
}

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between clients and a server, and can fall silent or hang up. */
export interface TcpProxy {
  /** The server's URL as it was when the proxy was made, through the proxy. */
  readonly url: string
  /** On the loopback interface. */
  readonly port: number
  /** Passes nothing on any more, and hangs nothing up: what a firewall or a frozen machine looks like. */
  freeze(): void
  thaw(): void
  /** Cuts every connection, so that answers get lost: also that to a COMMIT. */
  cut(): void
  close(): Promise<void>
}

/** @param target URL of the server; asked for anew by each connection, since a server may come back on another port */
export async function makeProxy(target: () => string): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    const { port, hostname } = new URL(target())
    const upstream = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      if (isFrozen) socket.pause()
      socket.on('data', (chunk) => other.write(chunk))
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('The proxy has no port.')
  const through = new URL(target())
  through.hostname = '127.0.0.1'
  through.port = String(address.port)
  return {
    url: through.href,
    port: address.port,
    freeze: () => {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw: () => {
      isFrozen = false
      for (const socket of sockets) socket.resume()
    },
    cut,
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Stands before several databases and counts in how many at once somebody has connections. */
export interface Gauge {
  /** The URLs, through the gauge. */
  readonly urls: readonly string[]
  /** The most since the last reading. */
  read(): number
  close(): Promise<void>
}

/** Long enough that whoever works side by side is seen to. */
const latency = 100

export async function makeGauge(urls: readonly string[]): Promise<Gauge> {
  const open = urls.map(() => 0)
  let most = 0
  const doors = await Promise.all(
    urls.map((url, index) =>
      makeDoor(url, (change) => {
        open[index] = (open[index] ?? 0) + change
        most = Math.max(most, open.filter((count) => count > 0).length)
      }),
    ),
  )
  return {
    urls: doors.map(({ url }) => url),
    read() {
      const seen = most
      most = 0
      return seen
    },
    async close() {
      await Promise.all(
        doors.map(async ({ server }) => {
          server.close()
          await once(server, 'close')
        }),
      )
    },
  }
}

async function makeDoor(
  url: string,
  count: (change: 1 | -1) => void,
): Promise<{ readonly url: string; readonly server: Server }> {
  const target = new URL(url)
  const server = createServer({ allowHalfOpen: true }, async (client) => {
    count(1)
    client.on('error', () => {})
    await sleep(latency)
    const upstream = connect(Number(target.port), target.hostname)
    let isOpen = true
    const leave = () => {
      if (isOpen) count(-1)
      isOpen = false
    }
    // Before the client hears of the end (hence the half-open socket), since it may begin the next connection at once.
    upstream.on('end', leave)
    upstream.on('close', leave)
    upstream.on('error', () => client.destroy())
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('The gauge has no port.')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(address.port)
  return { url: through.href, server }
}

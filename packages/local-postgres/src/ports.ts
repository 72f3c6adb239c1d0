import { createServer } from 'node:net'
import { loopback } from './server.ts'

/** Away from 5432, so that a PostgreSQL of the machine's own is never met by mistake. */
export const developmentPort = 5488

/** A port of the loopback interface that nobody listens on, at least for the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, loopback, () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

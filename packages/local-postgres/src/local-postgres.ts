import { isAbsolute, join } from 'node:path'
import { findServer } from './find.ts'
import { type Home, homeAt } from './home.ts'
import type { LocalPostgres } from './server.ts'

/**
 * The embedded PostgreSQL of a repository, for `databases.config.ts`.
 *
 * @param options.directory where data, log and connection file live, relative to the repository's root.
 */
export function localPostgres({ directory }: { directory: string }): LocalPostgres {
  const home = (root: string): Home => homeAt(isAbsolute(directory) ? directory : join(root, directory))
  // What starts and stops a server is loaded only then: most commands merely look for a running one.
  return {
    kind: 'embedded',
    find: (root) => findServer(home(root)),
    async start(root, onStep = () => {}) {
      const running = await findServer(home(root))
      if (running) return running
      const { startServer } = await import('./start.ts')
      const { embeddedBinaries } = await import('./binaries.ts')
      const { developmentSettings: settings } = await import('./settings.ts')
      const { developmentPort: port } = await import('./ports.ts')
      const binaries = await embeddedBinaries()
      return startServer({ home: home(root), binaries, settings, port }, onStep)
    },
    async stop(root) {
      const { stopServer } = await import('./stop.ts')
      return stopServer(home(root))
    },
    async destroy(root) {
      const { destroyServer } = await import('./stop.ts')
      return destroyServer(home(root))
    },
  }
}

import { isAbsolute, join } from 'node:path'
import { type Home, homeAt } from './home.ts'
import type { LocalPostgres } from './server.ts'

/**
 * The embedded PostgreSQL of a repository, for `databases.config.ts`.
 *
 * @param options.directory where data, log and connection file live, relative to the repository's root.
 */
export function localPostgres({ directory }: { directory: string }): LocalPostgres {
  const at = async <T>(root: string, work: (home: Home) => Promise<T>): Promise<T> => {
    const home = homeAt(isAbsolute(directory) ? directory : join(root, directory))
    try {
      return await work(home)
    } catch (error) {
      const { explainFileError } = await import('./file-failures.ts')
      throw explainFileError(error, home.directory)
    }
  }
  // What looks for a server, starts and stops it is loaded only then: where URLs are set, nobody asks for it.
  const findServer = async (home: Home) => (await import('./find.ts')).findServer(home)
  return {
    kind: 'embedded',
    find: (root) => at(root, findServer),
    start: (root, onStep = () => {}) =>
      at(root, async (home) => {
        const running = await findServer(home)
        if (running) return running
        const { startServer } = await import('./start.ts')
        const { embeddedBinaries } = await import('./binaries.ts')
        const { developmentSettings: settings } = await import('./settings.ts')
        const { developmentPort: port } = await import('./ports.ts')
        return startServer({ home, binaries: await embeddedBinaries(), settings, port }, onStep)
      }),
    stop: (root) => at(root, async (home) => (await import('./stop.ts')).stopServer(home)),
    destroy: (root) => at(root, async (home) => (await import('./stop.ts')).destroyServer(home)),
  }
}

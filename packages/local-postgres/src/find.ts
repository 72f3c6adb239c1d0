import { join } from 'node:path'
import { readConnection } from './connection-file.ts'
import { readIfExists } from './files.ts'
import type { Home } from './home.ts'
import { type PostmasterFile, parsePostmasterFile } from './postmaster-file.ts'
import { servesDirectory } from './process.ts'
import { loopback, type RunningServer, serverUrl } from './server.ts'

/** The server of this home, if it runs and accepts connections. Starts nothing, not even a child process. */
export async function findServer(home: Home): Promise<RunningServer | undefined> {
  const postmaster = await findPostmaster(home)
  if (!postmaster?.ready) return undefined
  const connection = await readConnection(home)
  if (!connection) return undefined
  const { user, password, version } = connection
  const address = { host: loopback, port: postmaster.port, user, password }
  return {
    ...address,
    pid: postmaster.pid,
    version,
    dataDirectory: home.data,
    url: (database) => serverUrl(address, database),
  }
}

/** The live postmaster of this data directory, ready or not; undefined also when its pid file is stale. */
export async function findPostmaster(home: Home): Promise<PostmasterFile | undefined> {
  const text = await readIfExists(join(home.data, 'postmaster.pid'))
  const postmaster = text === undefined ? undefined : parsePostmasterFile(text)
  if (!postmaster) return undefined
  return (await servesDirectory(postmaster.pid, home.data, postmaster.port)) ? postmaster : undefined
}

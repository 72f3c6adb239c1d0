import { chown, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { type Connection, ensureConnection, readConnection, saveConnection } from './connection-file.ts'
import { diskFull, notWritable, passwordLost, startFailed } from './failures.ts'
import { findPostmaster, findServer } from './find.ts'
import type { Home } from './home.ts'
import { type Identity, serverIdentity } from './identity.ts'
import { hasData, initialize, prepareHome } from './initialize.ts'
import { launch } from './launch.ts'
import { endOrphans } from './orphans.ts'
import { loopback, type OnStep, type RunningServer } from './server.ts'
import type { Settings } from './settings.ts'
import { startOrJoin } from './start-lock.ts'

/** Away from 5432, so that a PostgreSQL of the machine's own is never met by mistake. */
const firstPort = 5488

/** Starts the server of this home, making its data directory first where there is none. */
export async function startServer(
  home: Home,
  binaries: Binaries,
  settings: Settings,
  onStep: OnStep,
): Promise<RunningServer> {
  await prepareHome(home)
  const work = async (): Promise<RunningServer> => {
    const isNew = !(await hasData(home, binaries))
    const identity = await serverIdentity(home.directory, binaries.postgres)
    // From then on the directory's owner says whose server it is.
    if (identity.account) await chown(home.directory, identity.account.uid, identity.account.gid)
    const connection = await knownConnection(home, binaries, isNew)
    if (isNew) {
      await timed(onStep, `initdb (PostgreSQL ${binaries.version})`, () =>
        initialize(home, binaries, identity, connection.password),
      )
    }
    return timed(onStep, 'start PostgreSQL', () =>
      launchSomewhere(home, binaries, settings, identity, connection),
    )
  }
  return startOrJoin(home, () => findServer(home), work)
}

async function knownConnection(home: Home, binaries: Binaries, isNew: boolean): Promise<Connection> {
  const known = await readConnection(home)
  if (known) return known
  if (!isNew) throw passwordLost({ connection: home.connection, data: home.data })
  return ensureConnection(home, { port: firstPort, version: binaries.version })
}

/** On the port of last time or, when another program has it, on a free one that is then remembered. */
async function launchSomewhere(
  home: Home,
  binaries: Binaries,
  settings: Settings,
  identity: Identity,
  connection: Connection,
): Promise<RunningServer> {
  let port = connection.port
  for (let attempt = 1; attempt <= 10; attempt++) {
    await removeStalePidFile(home)
    const outcome = await launch({ home, binaries, identity, settings, port })
    if (outcome === 'ready') {
      const { user, password, version } = connection
      if (port !== connection.port || version !== binaries.version) {
        await saveConnection(home, { user, password, port, version: binaries.version })
      }
      const server = await findServer(home)
      if (server) return server
    } else if (outcome.kind === 'port-taken') {
      port = await freePort()
    } else if (outcome.kind === 'old-processes') {
      await endOrphans(home)
    } else if (outcome.kind === 'disk-full') {
      throw diskFull({ directory: home.directory })
    } else if (outcome.kind === 'not-writable') {
      throw notWritable({ directory: home.data, detail: outcome.detail })
    } else if (outcome.kind === 'other') {
      throw startFailed({ log: home.log, tail: outcome.tail })
    }
    // Somebody else has just started it, or is still stopping it.
    if (outcome !== 'ready' && outcome.kind === 'already-running') await sleep(100)
  }
  throw startFailed({ log: home.log, tail: 'Ten attempts failed for the same reason.' })
}

/** PostgreSQL trusts the number in the file, and refuses to start when another program has it now. */
async function removeStalePidFile(home: Home): Promise<void> {
  if (!(await findPostmaster(home))) await rm(join(home.data, 'postmaster.pid'), { force: true })
}

function freePort(): Promise<number> {
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

async function timed<T>(onStep: OnStep, name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  const result = await work()
  onStep({ name, milliseconds: Math.round(performance.now() - begin) })
  return result
}

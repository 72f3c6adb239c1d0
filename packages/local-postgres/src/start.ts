import { chown, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { type Connection, ensureConnection, readConnection, saveConnection } from './connection-file.ts'
import { diskFull, notWritable, passwordLost, startFailed } from './failures.ts'
import { isFull } from './file-failures.ts'
import { findPostmaster, findServer } from './find.ts'
import type { Home } from './home.ts'
import { serverIdentity } from './identity.ts'
import { hasData, initialize, prepareHome, syncInBackground } from './initialize.ts'
import { launch } from './launch.ts'
import { endOrphans } from './orphans.ts'
import { freePort } from './ports.ts'
import type { Identity } from './run.ts'
import type { OnStep, RunningServer } from './server.ts'
import type { Settings } from './settings.ts'
import { startOrJoin } from './start-lock.ts'

/** Which server is started, where, and how. */
export interface Installation {
  readonly home: Home
  readonly binaries: Binaries
  readonly settings: Settings
  /** Tried first by a server that was never started before. */
  readonly port: number
}

/** Starts the server, making its data directory first where there is none, or joins another starter's. */
export async function startServer(installation: Installation, onStep: OnStep): Promise<RunningServer> {
  const { home } = installation
  await prepareHome(home)
  return startOrJoin(
    home,
    () => findServer(home),
    () => prepareAndLaunch(installation, onStep),
  )
}

async function prepareAndLaunch(installation: Installation, onStep: OnStep): Promise<RunningServer> {
  const { home, binaries } = installation
  const isNew = !(await hasData(home, binaries))
  const identity = await serverIdentity(home.directory, binaries.postgres)
  // From then on the directory's owner says whose server it is.
  if (identity.account) await chown(home.directory, identity.account.uid, identity.account.gid)
  const connection = await knownConnection(installation, isNew)
  if (isNew) {
    await timed(onStep, `create PostgreSQL ${binaries.version} (initdb)`, () =>
      initialize(home, binaries, identity, connection.password),
    )
  }
  const server = await timed(onStep, 'start PostgreSQL', () =>
    launchSomewhere(installation, identity, connection),
  )
  if (isNew && installation.settings.fsync !== 'off') syncInBackground(home, binaries, identity)
  return server
}

async function knownConnection(installation: Installation, isNew: boolean): Promise<Connection> {
  const { home, binaries, port } = installation
  const known = await readConnection(home)
  if (known) return known
  if (!isNew) throw passwordLost({ connection: home.connection, data: home.data })
  return ensureConnection(home, { port, version: binaries.version })
}

/** On the port of last time or, when another program has it, on a free one that is then remembered. */
async function launchSomewhere(
  installation: Installation,
  identity: Identity,
  connection: Connection,
): Promise<RunningServer> {
  const { home, binaries, settings } = installation
  let port = connection.port
  for (let attempt = 1; attempt <= 10; attempt++) {
    await removeStalePidFile(home)
    const outcome = await launch({ home, binaries, identity, settings, port })
    switch (outcome.kind) {
      case 'ready':
        return remember(home, { ...connection, port, version: binaries.version })
      case 'port-taken':
        port = await freePort()
        break
      case 'old-processes':
        await endOrphans(home)
        break
      case 'already-running': {
        // Somebody else has just started it, or is still stopping it.
        const server = await findServer(home)
        if (server) return server
        await sleep(200)
        break
      }
      case 'disk-full':
        throw diskFull({ directory: home.directory })
      case 'not-writable':
        throw notWritable({ directory: home.data, detail: outcome.detail })
      case 'other':
        if (await isFull(home.directory)) throw diskFull({ directory: home.directory })
        throw startFailed({ log: home.log, tail: outcome.tail })
    }
  }
  throw startFailed({
    log: home.log,
    tail: 'Ten attempts failed, each for a reason that should have passed.',
  })
}

async function remember(home: Home, connection: Connection): Promise<RunningServer> {
  const known = await readConnection(home)
  if (known?.port !== connection.port || known.version !== connection.version) {
    await saveConnection(home, connection)
  }
  const server = await findServer(home)
  if (server) return server
  throw startFailed({ log: home.log, tail: 'The server was ready, and has ended since.' })
}

/** PostgreSQL trusts the number in the file, and refuses to start when another program has it now. */
async function removeStalePidFile(home: Home): Promise<void> {
  if (!(await findPostmaster(home))) await rm(join(home.data, 'postmaster.pid'), { force: true })
}

async function timed<T>(onStep: OnStep, name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  const result = await work()
  onStep({ name, milliseconds: Math.round(performance.now() - begin) })
  return result
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { homeAt } from '../home.ts'
import { freePort } from '../ports.ts'
import type { RunningServer } from '../server.ts'
import { developmentSettings, type Settings } from '../settings.ts'
import { startServer } from '../start.ts'
import { destroyServer } from '../stop.ts'
import { binariesOf } from './releases.ts'

/** An embedded server of its own for who wants to break it; its data stay until it is destroyed. */
export interface RestartableServer {
  /** Starts it, or says that it runs. */
  start(): Promise<RunningServer>
  destroy(): Promise<void>
}

/**
 * @param options.major 15, 16, 17 or 18; the one that everybody installs when left out
 * @param options.settings on top of those of a server for development
 * @throws `test-server.release`
 */
export async function restartableServer({
  major,
  settings = {},
}: {
  readonly major?: string | undefined
  readonly settings?: Settings
}): Promise<RestartableServer> {
  const binaries = await binariesOf(major)
  const folder = await mkdtemp(join(tmpdir(), 'manybase-restartable-'))
  const home = homeAt(join(folder, 'server'))
  const port = await freePort()
  const all = { ...developmentSettings, ...settings }
  return {
    start: () => startServer({ home, binaries, settings: all, port }, () => {}),
    destroy: async () => {
      await destroyServer(home)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

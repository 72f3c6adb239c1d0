import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binaries } from '../binaries.ts'
import { readIfExists } from '../files.ts'
import { homeAt } from '../home.ts'
import { freePort } from '../ports.ts'
import { testSettings } from '../settings.ts'
import { startServer } from '../start.ts'
import { destroyServer } from '../stop.ts'
import { formatOwner, isGone, parseOwner, thisProcess } from './owner.ts'
import type { StartedServer } from './started.ts'

const prefix = 'manybase-test-postgres-'

/** An embedded server in a temporary folder, for as long as this process runs. */
export async function startEmbedded(binaries: Binaries): Promise<StartedServer> {
  await removeAbandoned()
  const folder = await mkdtemp(join(tmpdir(), prefix))
  await writeFile(join(folder, 'owner.json'), formatOwner(await thisProcess()))
  const home = homeAt(join(folder, 'server'))
  const remove = async (): Promise<void> => {
    await destroyServer(home)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const installation = { home, binaries, settings: testSettings, port: await freePort() }
    const server = await startServer(installation, () => {})
    return { kind: 'embedded', adminUrl: server.url('postgres'), stop: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Ends the servers of test runs that were killed. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(tmpdir())
  for (const name of names.filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    if (!(await isAbandoned(folder))) continue
    await destroyServer(homeAt(join(folder, 'server')))
    await rm(folder, { recursive: true, force: true })
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const info = await stat(folder).catch(() => undefined)
  if (!info || info.uid !== (process.getuid?.() ?? info.uid)) return false
  const owner = parseOwner((await readIfExists(join(folder, 'owner.json'))) ?? '')
  // A folder of which nobody has said yet whose it is has just been made.
  return owner ? isGone(owner) : Date.now() - info.mtimeMs > 60_000
}

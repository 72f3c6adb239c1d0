import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { dataUnrecognised, dataVersionDiffers, diskFull, initdbFailed } from './failures.ts'
import { hasCode, readIfExists } from './files.ts'
import type { Home } from './home.ts'
import { isAlive } from './process.ts'
import { type Identity, run, serverEnvironment } from './run.ts'
import { saysDiskFull } from './startup-log.ts'

const draftName = /^init-(\d+)-[0-9a-f]+$/

/** @returns whether there is a data directory of this major version; refuses any other. */
export async function hasData(home: Home, binaries: Binaries): Promise<boolean> {
  const found = (await readIfExists(join(home.data, 'PG_VERSION')))?.trim()
  if (found === binaries.major) return true
  if (found !== undefined) throw dataVersionDiffers({ data: home.data, found, wanted: binaries.version })
  if (await removeEmpty(home.data)) return false
  throw dataUnrecognised({ data: home.data })
}

/**
 * Makes the data directory. initdb works in a folder beside it that is renamed when it is complete, so a
 * killed initdb leaves nothing that looks like a server's data.
 */
export async function initialize(
  home: Home,
  binaries: Binaries,
  identity: Identity,
  password: string,
): Promise<void> {
  await removeAbandonedDrafts(home)
  const draft = join(home.directory, `init-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(draft, { mode: 0o700 })
    const passwordFile = join(draft, 'password')
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    if (identity.account) {
      const { uid, gid } = identity.account
      await Promise.all([draft, passwordFile].map((file) => chown(file, uid, gid)))
    }
    const data = join(draft, 'data')
    const args = initdbArguments(binaries, data, passwordFile)
    const { code, output } = await run(binaries.initdb, args, { identity, cwd: draft })
    if (code !== 0) throw initdbFailure(home, output)
    await moveIntoPlace(data, home.data)
  } finally {
    await removeDraft(draft)
  }
}

/** An initdb whose parent was killed may still be writing its last files. */
const removeDraft = (draft: string): Promise<void> =>
  rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })

function initdbArguments(binaries: Binaries, data: string, passwordFile: string): string[] {
  return [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and case rules on every platform, whatever locales the machine has.
    ...(Number(binaries.major) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C']),
    '--no-instructions',
    '--no-sync',
  ]
}

function initdbFailure(home: Home, output: string): Error {
  if (saysDiskFull.test(output)) return diskFull({ directory: home.directory })
  const detail = output
    .split('\n')
    .filter((line) => /error|fatal|could not|denied|cannot/i.test(line))
    .join('\n')
  return initdbFailed({ data: home.data, output: detail || output })
}

/**
 * Writes to the disk what initdb left to the operating system. Nobody waits for it: on some disks it takes
 * longer than all the rest, and until it is done only the first seconds of an empty server are at stake.
 */
export function syncInBackground(home: Home, binaries: Binaries, identity: Identity): void {
  const args = ['--sync-only', `--pgdata=${home.data}`]
  const [program = binaries.initdb, ...rest] = [...identity.prefix, binaries.initdb, ...args]
  const child = spawn(program, rest, {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: serverEnvironment(),
    cwd: home.directory,
    ...identity.account,
  })
  // A directory that is deleted meanwhile needs no writing.
  child.once('error', () => {})
  child.unref()
}

/** Somebody who began at the same time may have been quicker; then theirs stays. */
async function moveIntoPlace(draft: string, data: string): Promise<void> {
  try {
    await rename(draft, data)
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error
    if ((await readIfExists(join(data, 'PG_VERSION'))) === undefined) throw error
  }
}

async function removeAbandonedDrafts(home: Home): Promise<void> {
  for (const name of await readdir(home.directory)) {
    const pid = Number(draftName.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) await removeDraft(join(home.directory, name))
  }
}

/** @returns true when there is nothing there any more. */
async function removeEmpty(directory: string): Promise<boolean> {
  try {
    await rmdir(directory)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false
    throw error
  }
}

/** Makes the server's home, which nobody else may look into. */
export async function prepareHome(home: Home): Promise<void> {
  await makeDirectory(home.directory)
  await writeProbe(home)
  const { mode, uid } = await stat(home.directory)
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) await chmod(home.directory, 0o700)
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    // The recursive form reports a read-only file system as ENOENT, the plain form as what it is.
    if (!hasCode(error, 'ENOENT')) throw error
    await mkdir(directory, { mode: 0o700 })
  }
}

async function writeProbe(home: Home): Promise<void> {
  const probe = join(home.directory, `probe-${process.pid}-${randomBytes(4).toString('hex')}`)
  await writeFile(probe, 'x')
  await rm(probe)
}

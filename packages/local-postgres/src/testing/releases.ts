import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Binaries, binariesIn, embeddedBinaries, platformPackage } from '../binaries.ts'
import { releaseUnavailable } from '../failures.ts'
import { hasCode } from '../files.ts'
import { run } from '../run.ts'

/** Releases other than the one that everybody installs. They are fetched when a test run asks for them. */
const releases: Readonly<Record<string, string>> = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  18: '18.4.0-beta.17',
}

// Below the repository's root, where a clean-up finds it.
const cache = resolve(import.meta.dirname, '../../../../.cache/postgres')

/** The programs of a major version, from the npm registry or from what was fetched earlier. */
export async function binariesOf(major: string | undefined): Promise<Binaries> {
  const installed = await embeddedBinaries()
  if (major === undefined || major === installed.major) return installed
  const version = releases[major]
  if (!version) {
    const known = [...Object.keys(releases), installed.major].sort().join(', ')
    throw releaseUnavailable({ major, problem: `Versions ${known} are known here.` })
  }
  const name = platformPackage()
  const folder = join(cache, `${version}-${process.platform}-${process.arch}`)
  if (!(await isThere(folder))) await fetchInto(folder, `${name}@${version}`, major)
  return binariesIn(join(folder, 'node_modules', name))
}

/** The folder appears when it is complete; of two who fetch at once, one keeps the other's. */
async function fetchInto(folder: string, specifier: string, major: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.draft-`)
  try {
    const args = ['install', '--prefix', draft, '--no-audit', '--no-fund', '--no-save', specifier]
    const npm = process.platform === 'win32' ? ['cmd.exe', '/d', '/c', 'npm'] : ['npm']
    const [program = 'npm', ...first] = npm
    const { code, output } = await run(program, [...first, ...args], { env: process.env })
    if (code !== 0 || (await readdir(draft)).length === 0)
      throw releaseUnavailable({ major, problem: output })
    await rename(draft, folder)
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() ?? false
}

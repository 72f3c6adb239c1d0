import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errorCode } from '@manybase/failure'

/** Lists every file of a backup, in the form of the program of that name: `sha256sum -c SHA256SUMS`. */
export const checksumsFile = 'SHA256SUMS'

/** From a file's path, with slashes and below the backup's directory, to its SHA-256 in hex. */
export type Checksums = ReadonlyMap<string, string>

export const formatChecksums = (checksums: Checksums): string =>
  [...checksums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sha256]) => `${sha256}  ${path}\n`)
    .join('')

/** Undefined for a text that isn't such a list, or that leads out of the directory. */
export function parseChecksums(text: string): Checksums | undefined {
  if (!text.endsWith('\n')) return undefined
  const lines = text.slice(0, -1).split('\n')
  const entries = lines.map((line) => /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line))
  const pairs = entries.flatMap((entry) => (entry ? [[entry[2] ?? '', entry[1] ?? ''] as const] : []))
  const sound = pairs.every(([path]) => !path.startsWith('/') && !/(^|[/\\])\.\.([/\\]|$)/.test(path))
  return sound && pairs.length === entries.length && new Map(pairs).size === pairs.length
    ? new Map(pairs)
    : undefined
}

export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** What is wrong with the files of a backup, a line each; empty when all are as they were written. */
export async function findDamage(directory: string, checksums: Checksums): Promise<readonly string[]> {
  const problems: string[] = []
  for (const [path, sha256] of checksums) {
    const problem = await compareFile(join(directory, path), sha256)
    if (problem !== undefined) problems.push(`${path} ${problem}`)
  }
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name)
      .slice(directory.length + 1)
      .replaceAll(sep, '/')
    if (path !== checksumsFile && !checksums.has(path)) problems.push(`${path} is no part of it`)
  }
  return problems
}

async function compareFile(path: string, sha256: string): Promise<string | undefined> {
  try {
    return (await checksumOf(path)) === sha256 ? undefined : 'has changed since it was written'
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code === 'ENOENT' ? 'is missing' : `can't be read (${code})`
  }
}

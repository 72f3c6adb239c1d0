import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { errorCode } from '@manybase/failure'
import { manifestFile } from './backup.ts'
import { type Checksums, checksumsFile, findDamage, parseChecksums } from './checksums.ts'
import { draftPrefix } from './draft.ts'
import { backupDamaged, backupMissing } from './failures.ts'
import { formatVersion, isManifest, type Manifest } from './manifest.ts'

/** A backup as it lies on disk. */
export interface BackupOnDisk {
  readonly directory: string
  readonly manifests: readonly Manifest[]
  /** What is wrong with its files, a line each. */
  readonly problems: readonly string[]
}

/**
 * Reads a backup and compares every file with its checksum.
 * @throws `backup.missing` when it is none
 */
export async function readBackup(path: string): Promise<BackupOnDisk> {
  const directory = resolve(path)
  const checksums = await readChecksums(directory)
  if (!checksums) {
    return {
      directory,
      manifests: [],
      problems: [`${checksumsFile} is cut off or was written by something else`],
    }
  }
  const problems = await findDamage(directory, checksums)
  const { manifests, foreign } = await readManifests(directory, checksums)
  return { directory, manifests, problems: [...problems, ...(problems.length === 0 ? foreign : [])] }
}

/** The same, where only a whole one is of use. @throws `backup.missing`, `backup.damaged` */
export async function readWholeBackup(path: string): Promise<BackupOnDisk> {
  const backup = await readBackup(path)
  const { directory, problems } = backup
  if (problems.length > 0) throw backupDamaged({ directory, problems })
  return backup
}

async function readChecksums(directory: string): Promise<Checksums | undefined> {
  try {
    return parseChecksums(await readFile(join(directory, checksumsFile), 'utf8'))
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error
    throw backupMissing({ directory, problem: `it has no ${checksumsFile}` }, error)
  }
}

async function readManifests(directory: string, checksums: Checksums) {
  const paths = [...checksums.keys()].filter((path) => path.endsWith(`/${manifestFile}`)).sort()
  const manifests: Manifest[] = []
  const foreign: string[] = paths.length === 0 ? [`there is no ${manifestFile} in it`] : []
  for (const path of paths) {
    const manifest = await readFile(join(directory, path), 'utf8').then(parse, () => undefined)
    if (manifest && path === `${manifest.database}/${manifestFile}`) manifests.push(manifest)
    else
      foreign.push(
        `${path} is not a description of format ${formatVersion}, which is what this version reads`,
      )
  }
  return { manifests, foreign }
}

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isManifest(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** One entry of a list of backups. */
export interface ListedBackup {
  readonly directory: string
  readonly manifests: readonly Manifest[]
  readonly bytes: number
  /** False for one that is being made, or whose making was interrupted. */
  readonly whole: boolean
}

/** The backups in a directory, the newest first. Their files are not compared with their checksums. */
export async function listBackups(out: string): Promise<readonly ListedBackup[]> {
  const folder = resolve(out)
  const names = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const listed = names
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => list(join(folder, name), !name.startsWith(draftPrefix)))
  return (await Promise.all(listed))
    .filter((each) => each !== undefined)
    .sort((a, b) => (a.directory < b.directory ? 1 : -1))
}

async function list(directory: string, whole: boolean): Promise<ListedBackup | undefined> {
  const bytes = await sizeOf(directory)
  if (!whole) return { directory, manifests: [], bytes, whole }
  const checksums = await readChecksums(directory).catch(() => undefined)
  return (
    checksums && { directory, bytes, whole, manifests: (await readManifests(directory, checksums)).manifests }
  )
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

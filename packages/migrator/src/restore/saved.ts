import { join } from 'node:path'
import type { HistoryFacts, Manifest } from '../backup/manifest.ts'
import type { PhysicalDatabase } from '../backup/physical.ts'
import type { BackupOnDisk } from '../backup/read.ts'
import { type Replay, replayOf } from '../backup/replays.ts'
import { matchesChecksum } from '../history/checksum.ts'
import { readHistory } from '../history/read.ts'
import { historyDiffers, notInBackup } from './failures.ts'

/** A database of a backup, and the one of the catalog that it belongs to. */
export interface Saved {
  readonly database: PhysicalDatabase
  readonly manifest: Manifest
  /** Where the manifest's files lie. */
  readonly folder: string
}

/**
 * Finds for each database its part of a backup.
 * @throws `restore.not-in-backup`
 */
export function findSaved(
  { directory, manifests }: BackupOnDisk,
  databases: readonly PhysicalDatabase[],
): readonly Saved[] {
  const has = manifests.flatMap(({ histories }) => histories.map(({ database }) => database))
  const found = databases.map((database) => {
    const names = database.targets.map(({ name }) => name)
    const manifest = manifests.find(({ histories }) => sameNames(histories, names))
    return manifest ? { database, manifest, folder: join(directory, manifest.database) } : names
  })
  const wanted = found.flatMap((each) => ('manifest' in each ? [] : each))
  if (wanted.length > 0) throw notInBackup({ directory, wanted, has })
  return found.flatMap((each) => ('manifest' in each ? [each] : []))
}

const sameNames = (histories: readonly HistoryFacts[], names: readonly string[]): boolean =>
  histories.length === names.length && histories.every(({ database }) => names.includes(database))

/**
 * Finds the revisions of an archive on disk.
 * @throws `restore.history-differs`, `history.*`
 */
export const findReplays = ({ database, manifest }: Saved): readonly Replay[] =>
  database.targets.map((target) => {
    const saved = manifest.histories.find((history) => history.database === target.name)
    const { revisions } = readHistory(target)
    const onDisk = new Map(revisions.map((revision) => [revision.name, revision]))
    const problems = (saved?.revisions ?? []).flatMap(({ revision: name, checksum }) => {
      const revision = onDisk.get(name)
      if (!revision) return [`${name} isn't on disk.`]
      return matchesChecksum(checksum, revision.script, revision.checksum)
        ? []
        : [`The script of ${name} has changed since.`]
    })
    const { schema } = target.connection
    if (saved && saved.schema !== schema) {
      problems.push(`It lay in the PostgreSQL schema ${saved.schema}, and its URL names ${schema}.`)
    }
    if (problems.length > 0) throw historyDiffers({ database: target.name, problems })
    return replayOf(target, saved ?? { revisions: [] })
  })

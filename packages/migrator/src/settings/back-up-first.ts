import { backUp } from '../backup/backup.ts'
import type { Target } from '../catalog/resolve.ts'
import type { Job } from '../execute/job.ts'
import { backupsFolder, databasesOf, describeManifest } from './backups.ts'
import type { Context } from './context.ts'

/**
 * Saves the databases that jobs are about to change; one that has just been created has nothing to save.
 * @returns the backup's directory
 */
export async function backUpFirst(
  context: Context,
  out: string,
  targets: readonly Target[],
  jobs: readonly Job[],
  created: ReadonlySet<string>,
): Promise<string | undefined> {
  const { output } = context
  const names = new Set(jobs.map(({ step }) => step.database).filter((name) => !created.has(name)))
  const changed = targets.filter(({ name }) => names.has(name))
  if (changed.length === 0) return undefined
  const { directory } = await backUp([await databasesOf(context, changed)], {
    jobs: 1,
    // The migrator has the lock.
    whileLocked: (_, work) => work(),
    out: backupsFolder(context, out),
    way: 'any',
    compression: 'zstd',
    onSaved: (manifest, milliseconds) =>
      output.step(`backup of ${manifest.database}: ${describeManifest(manifest)}`, milliseconds),
  })
  output.note(`  The backup is in ${directory}`)
  return directory
}

import { type ExitCode, exitCodes } from '@manybase/failure'
import { Argument, Option } from 'commander'
import type { Backup, Group, Way } from '../backup/backup.ts'
import { type Compression, compressions, type Manifest, rowsIn } from '../backup/manifest.ts'
import { lockAll } from '../execute/lock.ts'
import { unitsOf } from '../fleet/units.ts'
import { renderTable } from '../report/table.ts'
import { openSessions } from '../server/session.ts'
import { backupsFolder, databasesOf, describeManifest, groupsOf } from '../settings/backups.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { wholeNumber } from '../settings/number.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface BackupOptions extends CommonOptions, JobsFlag {
  readonly archive?: boolean
  readonly compress: Compression
  readonly lockWait: number
  readonly out?: string
  readonly pgDump?: boolean
}

export const backup: MakeCommand = (shell) =>
  withJobs(baseCommand('backup', 'save the databases into a new directory; list backups, or verify one'))
    .addArgument(new Argument('[action]', 'list the backups, or verify one').choices(['list', 'verify']))
    .argument('[directory]', 'of the backup to verify, or to list backups in')
    .option('--out <directory>', 'where backups are kept; default: DB_BACKUPS, or backups')
    .addOption(new Option('--archive', 'an archive, also where a pg_dump fits').conflicts('pgDump'))
    .option('--pg-dump', 'pg_dump, or nothing')
    .addOption(
      new Option('--compress <method>', 'how files are compressed').choices(compressions).default('zstd'),
    )
    .option(
      '--lock-wait <seconds>',
      'how long to wait for a migrator',
      wholeNumber('a number of seconds'),
      60,
    )
    .addHelpText(
      'after',
      `
Saved is one moment of each database, while others read and write; migrations wait. Where there is a pg_dump of the server's
version or a newer one, it writes the file. Elsewhere it is an archive, which needs nothing installed: every table's rows, and
the revisions, from which the history makes the schema again; so an archive of a database that has drifted is refused.
list and verify need no server. Exit code 4 when verify finds a file that is not as it was written.`,
    )
    .showing({
      'pnpm db backup': 'both databases, at almost one moment',
      'pnpm db backup --only auth --out kept/auth': 'one of them, elsewhere',
      'pnpm db backup list': 'what there is, the newest first',
      'pnpm db backup verify backups/20261121T155148Z': 'whether every file is as it was written',
    })
    .action(async (action: string | undefined, directory: string | undefined, options: BackupOptions) => {
      const context = await contextFor(shell, options)
      const run = action === 'list' ? list : action === 'verify' ? verify : save
      shell.exit(await run(context, directory, options))
    })

async function save(context: Context, _: string | undefined, options: BackupOptions): Promise<ExitCode> {
  const { output } = context
  const { backUp } = await import('../backup/backup.ts')
  const targets = await findTargets(context, options.only)
  const saved = await backUp(groupsOf(await databasesOf(context, targets), unitsOf(targets)), {
    out: backupsFolder(context, options.out),
    way: wayOf(options),
    compression: options.compress,
    jobs: options.jobs,
    whileLocked: (group, work) => whileLocked(context, group, options.lockWait, work),
    onSaved: (manifest, milliseconds) =>
      output.step(`${manifest.database}: ${describeManifest(manifest)}`, milliseconds),
  })
  output.data(options.json ? JSON.stringify(toJson(saved), null, 2) : saved.directory)
  return exitCodes.done
}

/** Other backups share the lock; migrators wait for its end. */
async function whileLocked<T>(
  { output }: Context,
  group: Group,
  waitSeconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const sessions = await openSessions(
    group.map(({ targets }) => targets[0]),
    { create: false },
  )
  try {
    await lockAll(sessions, {
      shared: true,
      waitSeconds,
      onWait: (session, holder) =>
        output.note(`  waiting for a migrator on ${session.targets.map(({ name }) => name)} (${holder})`),
    })
    return await work()
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

const wayOf = ({ archive, pgDump }: BackupOptions): Way => (archive ? 'archive' : pgDump ? 'pg_dump' : 'any')

const toJson = ({ directory, manifests }: Pick<Backup, 'directory' | 'manifests'>) => ({
  directory,
  databases: manifests.map(manifestToJson),
})

const manifestToJson = (manifest: Manifest) => ({
  database: manifest.database,
  kind: manifest.kind,
  takenAt: manifest.takenAt,
  server: manifest.server.version,
  histories: manifest.histories.map(({ database, current }) => ({ database, current })),
  tables: manifest.tables.length,
  rows: rowsIn(manifest),
})

async function list(
  context: Context,
  directory: string | undefined,
  options: BackupOptions,
): Promise<ExitCode> {
  const { output } = context
  const { listBackups } = await import('../backup/read.ts')
  const folder = backupsFolder(context, directory ?? options.out)
  const backups = await listBackups(folder)
  if (options.json) {
    const listed = backups.map(({ bytes, whole, ...each }) => ({ ...toJson(each), bytes, whole }))
    output.data(JSON.stringify({ backups: listed }, null, 2))
  } else if (backups.length === 0) output.note(`There is no backup in ${folder}.`)
  else {
    const rows = backups.map((each) => [each.directory, sizeOf(each.bytes), contentOf(each)])
    for (const line of renderTable([['directory', 'size', 'content'], ...rows])) output.data(line)
  }
  return exitCodes.done
}

const contentOf = ({ whole, manifests }: { whole: boolean; manifests: readonly Manifest[] }): string =>
  whole
    ? manifests.map((manifest) => `${manifest.database}: ${describeManifest(manifest)}`).join('; ')
    : 'unfinished: being made, or interrupted'

/** `1.2 MB` */
const sizeOf = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

async function verify(
  context: Context,
  directory: string | undefined,
  options: BackupOptions,
): Promise<ExitCode> {
  const { output } = context
  const [{ readBackup }, { directoryUnsaid }] = await Promise.all([
    import('../backup/read.ts'),
    import('../backup/failures.ts'),
  ])
  if (directory === undefined) throw directoryUnsaid({})
  const found = await readBackup(directory)
  const { problems } = found
  if (options.json) output.data(JSON.stringify({ ...toJson(found), problems }, null, 2))
  else if (problems.length > 0) for (const problem of problems) output.data(`✖ ${problem}`)
  else {
    for (const manifest of found.manifests)
      output.data(`✅ ${manifest.database}: ${describeManifest(manifest)}`)
  }
  return problems.length === 0 ? exitCodes.done : exitCodes.found
}

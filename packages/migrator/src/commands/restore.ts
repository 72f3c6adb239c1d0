import { type ExitCode, errorMessage, exitCodes } from '@manybase/failure'
import { rowsIn } from '../backup/manifest.ts'
import { type BackupOnDisk, readWholeBackup } from '../backup/read.ts'
import { select } from '../catalog/catalog.ts'
import { entryOf } from '../catalog/target.ts'
import { intoSeveral } from '../restore/failures.ts'
import { findLive, type Live } from '../restore/live.ts'
import { describeSkew, findSkew, type Skew } from '../restore/references.ts'
import { type Place, type Restored, restore as restoreAll } from '../restore/restore.ts'
import { databasesOf, describeManifest } from '../settings/backups.ts'
import { confirmed } from '../settings/confirm.ts'
import { type CommonOptions, type Context, findTargets } from '../settings/context.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface RestoreOptions extends CommonOptions {
  readonly dropOld?: boolean
  readonly force?: boolean
  readonly into?: string
  readonly yes?: boolean
}

export const restore: MakeCommand = (shell) =>
  baseCommand(
    'restore',
    'bring databases back from a backup, each as a new one that takes the place of the old',
  )
    .argument('<directory>', 'of the backup')
    .option('--into <name>', 'restore into a database of this name, and replace nothing')
    .option('--force', 'end the connections of others to what is replaced')
    .option('--drop-old', 'do not keep what is replaced')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Every file is compared with its checksum first. Each database is restored into a new one beside the old, its rows are compared
with those that were saved, and only then does it take the name; the old one is kept as NAME_before_restore_TIME. It says what
will be replaced, and asks; where nobody can answer, it takes --yes. With --into NAME
it becomes a database of that name, and nothing is replaced.`,
    )
    .showing({
      'pnpm db restore backups/20261121T155148Z': 'all that is in the backup',
      'pnpm db restore backups/20261121T155148Z --only auth --yes': 'one database, without a question',
    })
    .action(async (directory: string, options: RestoreOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, directory, options))
    })

async function run(context: Context, directory: string, options: RestoreOptions): Promise<ExitCode> {
  const { output } = context
  const { into } = options
  // A name that is misspelt is told before gigabytes are read.
  select(context.catalog, options.only ?? [])
  const backup = await readWholeBackup(directory)
  const targets = await findTargets(context, options.only ?? namesIn(backup))
  const databases = await databasesOf(context, targets)
  if (into !== undefined && databases.length > 1) {
    throw intoSeveral({ databases: databases.map(({ name }) => name) })
  }
  const entries = databases.flatMap((database) => database.targets.map(entryOf))
  const skews = into === undefined ? await skewsOf(context, new Set(entries)) : []
  const restored = await restoreAll(backup, databases, {
    ...(into !== undefined && { into }),
    force: options.force ?? false,
    dropOld: options.dropOld ?? false,
    agreed: (places) => agreed(context, places, skews, options),
    onLeftover: (name) => output.note(`  dropped ${name}, which an interrupted restore had left`),
    onRestored: ({ database, manifest }, milliseconds) =>
      output.step(
        `${database.name}: ${describeManifest(manifest)}, compared with what was saved`,
        milliseconds,
      ),
    onLeft: (name, statements) => {
      output.note(`  The role may not say again of ${name}:`)
      for (const statement of statements) output.note(`    ${statement}`)
    },
  })
  if (!restored) return exitCodes.declined
  if (options.json)
    output.data(JSON.stringify({ databases: restored.map(toJson), references: skews }, null, 2))
  else for (const each of restored) output.data(render(each))
  return exitCodes.done
}

/** Those of the backup that the catalog has; where it has none, the search for them says so. */
const namesIn = ({ manifests }: BackupOnDisk): readonly string[] =>
  manifests.flatMap(({ histories }) => histories.map(({ database }) => database))

async function skewsOf(
  { catalog, output }: Context,
  restored: ReadonlySet<string>,
): Promise<readonly Skew[]> {
  if (catalog.databases.every(({ name }) => restored.has(name))) return []
  const { loadSchemas, resolveReferences } = await import('@manybase/app-validation')
  try {
    return findSkew(resolveReferences(await loadSchemas(catalog.databases)).references, restored)
  } catch (error) {
    output.note(`  Which columns refer to another database can't be said: ${errorMessage(error)}`)
    return []
  }
}

async function agreed(
  { output }: Context,
  places: readonly Place[],
  skews: readonly Skew[],
  { into, yes = false, dropOld = false }: RestoreOptions,
): Promise<boolean> {
  if (into !== undefined) return true
  const lines: string[] = []
  for (const { saved, site } of places) {
    const { name, targets } = saved.database
    const { host, port } = targets[0].connection
    const live = await findLive(site)
    const old = live
      ? `Replace ${site.name} on ${host}:${port} (${describeLive(live)})`
      : `Make ${site.name} on ${host}:${port}`
    const { takenAt } = saved.manifest
    lines.push(`${old} by ${name} of ${takenAt}, ${ageOf(takenAt)} (${describeManifest(saved.manifest)})`)
  }
  for (const skew of skews) for (const line of describeSkew(skew)) output.note(`⚠ ${line}`)
  if (skews.length > 0) output.note('⚠ To bring both back to one moment, restore both from the same backup.')
  return await confirmed(`${lines.join('; ')}${dropOld ? ', and drop the old' : ''}?`, yes)
}

const describeLive = ({ current, rows: { number, estimated } }: Live): string =>
  `at ${current.join(', ') || 'base'}, ${estimated ? 'about ' : ''}${number.toLocaleString('en')} rows`

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function ageOf(takenAt: string): string {
  const seconds = (Date.now() - Date.parse(takenAt)) / 1000
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat('en').format(-Math.floor(seconds / size), unit)
}

const render = ({ saved, name, kept }: Restored): string =>
  `✅ ${saved.database.name}: ${name} has what was saved ${saved.manifest.takenAt}${kept === undefined ? '' : `; the old one is ${kept}`}`

const toJson = ({ saved: { database, manifest }, name, kept }: Restored) => ({
  database: database.name,
  name,
  kept: kept ?? null,
  kind: manifest.kind,
  takenAt: manifest.takenAt,
  histories: manifest.histories.map(({ database: history, current }) => ({ database: history, current })),
  tables: manifest.tables.length,
  rows: rowsIn(manifest),
})

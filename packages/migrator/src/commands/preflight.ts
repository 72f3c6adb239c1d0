import { Option } from 'commander'
import { namesIn } from '../catalog/catalog.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { backupsFolder } from '../settings/backups.ts'
import { environmentOf, withEnvironment } from '../settings/change-flags.ts'
import type { CommonOptions } from '../settings/context.ts'
import { duration } from '../settings/duration.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { wholeNumber } from '../settings/number.ts'
import { makePeers } from '../settings/peers.ts'
import { findUnits } from '../settings/units.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface PreflightOptions extends CommonOptions, JobsFlag {
  readonly drift?: boolean
  readonly strict?: boolean
  readonly env?: string
  /** Milliseconds. */
  readonly olderThan: number
  /** Milliseconds. */
  readonly backupAge: number
  readonly backup: boolean
  /** Rows. */
  readonly big: number
}

export const preflight: MakeCommand = (shell) =>
  withEnvironment(
    withJobs(
      baseCommand(
        'preflight',
        'go through the checklist of a deployment; exit code 4 when something stands in its way',
      ),
    ),
  )
    .option('--drift', 'compare each database with its history too, in a shadow database')
    .option('--strict', 'count warnings as failures')
    .addOption(
      new Option('--older-than <time>', 'how long a transaction may be open')
        .argParser(duration)
        .default(60_000, '1min'),
    )
    .addOption(
      new Option('--backup-age <time>', 'how old the newest backup may be')
        .argParser(duration)
        .default(86_400_000, '1d'),
    )
    .option('--no-backup', 'look for no backup: they are made otherwise than by db backup')
    .option('--big <rows>', 'how many rows make a table big', wholeNumber('a number of rows'), 100_000)
    .addHelpText(
      'after',
      `
Changes nothing. Asks each server and reads the pending scripts by PostgreSQL's own grammar; docs/reference/checks.md has the list.`,
    )
    .showing({
      'pnpm db preflight': 'before a deployment',
      'pnpm db preflight --drift': 'and whether somebody changed a database by hand',
      'pnpm -s db preflight --only specs --json': 'one database, for a program',
    })
    .action(
      action<PreflightOptions>(shell, async (context, options) => {
        const { output, env, catalog } = context
        const units = await findUnits(context, options.only)
        const peers = makePeers(context, units)
        // The grammar of PostgreSQL comes along.
        const [{ preflight: run }, { exitCodeFor }, { renderResults }, { listBackups }] = await Promise.all([
          import('../preflight/preflight.ts'),
          import('../preflight/check.ts'),
          import('../preflight/render.ts'),
          import('../backup/read.ts'),
        ])
        const folder = backupsFolder(context, undefined)
        const backups = options.backup ? { folder, listed: await listBackups(folder) } : undefined
        const perUnit = await mapBounded(units, options.jobs, ({ targets }) =>
          run(targets, {
            drift: options.drift ?? false,
            environment: environmentOf(options, env),
            longTransaction: options.olderThan,
            backupAge: options.backupAge,
            backups,
            bigTable: options.big,
            catalog: namesIn(catalog),
            peers: (names) => peers.states(names),
          }),
        )
        const results = perUnit.flat()
        if (options.json) output.data(JSON.stringify({ results }, null, 2))
        else for (const line of renderResults(results)) output.data(line)
        return exitCodeFor(results, options.strict ?? false)
      }),
    )

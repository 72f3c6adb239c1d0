import { Option } from 'commander'
import { namesIn } from '../catalog/catalog.ts'
import { backupsFolder } from '../settings/backups.ts'
import { environmentOf } from '../settings/change-flags.ts'
import { type CommonOptions, findPeers, findTargets } from '../settings/context.ts'
import { duration } from '../settings/duration.ts'
import { wholeNumber } from '../settings/number.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface PreflightOptions extends CommonOptions {
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
  baseCommand(
    'preflight',
    'go through the checklist of a deployment; exit code 4 when something stands in its way',
  )
    .option('--drift', 'compare each database with its history too, in a shadow database')
    .option('--strict', 'count warnings as failures')
    .option(
      '--env <name>',
      'the environment, for revisions that are for some only; default: DB_ENVIRONMENT, NODE_ENV',
    )
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
        const targets = await findTargets(context, options.only)
        // The grammar of PostgreSQL comes along.
        const [{ preflight: run }, { exitCodeFor }, { renderResults }] = await Promise.all([
          import('../preflight/preflight.ts'),
          import('../preflight/check.ts'),
          import('../preflight/render.ts'),
        ])
        const results = await run(targets, {
          drift: options.drift ?? false,
          environment: environmentOf(options, env),
          longTransaction: options.olderThan,
          backupAge: options.backupAge,
          backups: options.backup ? backupsFolder(context, undefined) : undefined,
          bigTable: options.big,
          catalog: namesIn(catalog),
          peers: async (names) => await inspectStates(await findPeers(context, names)),
        })
        if (options.json) output.data(JSON.stringify({ results }, null, 2))
        else for (const line of renderResults(results)) output.data(line)
        return exitCodeFor(results, options.strict ?? false)
      }),
    )

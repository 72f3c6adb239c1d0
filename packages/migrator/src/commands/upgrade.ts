import { type ExitCode, exitCodes } from '@manybase/failure'
import { namesIn } from '../catalog/catalog.ts'
import { change } from '../migrate.ts'
import { planUpgrade } from '../plan/plan.ts'
import { parseTarget, type RevisionTarget, toHead } from '../plan/target.ts'
import { printReport } from '../report/change.ts'
import { type ChangeFlags, environmentOf, withChangeFlags } from '../settings/change-flags.ts'
import { type Context, findPeers, findTargets } from '../settings/context.ts'
import { listen } from '../settings/listen.ts'
import { nameIn } from '../settings/situation.ts'
import { databasesNeeded, inspectStates } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface UpgradeOptions extends ChangeFlags {
  readonly create?: boolean
  readonly plan?: boolean
  readonly sql?: boolean
}

export const upgrade: MakeCommand = (shell) =>
  withChangeFlags(baseCommand('upgrade', 'apply revisions up to a target; without one, up to head'))
    .argument(
      '[targets...]',
      'head, heads, +N, a revision or its beginning, NAME@ before each of these; A:B with --sql',
    )
    .option('--plan', 'print the steps and their exact SQL, and touch nothing')
    .option('--sql', 'write a script for psql, without a server: from base, or from A in A:B')
    .option('--create', 'create a database that does not exist')
    .showing({
      'pnpm db upgrade': 'all databases to head',
      'pnpm db upgrade specs@+1': 'one step in one database',
      'pnpm db upgrade 005 --plan': 'what it would take to get to 005',
      'pnpm db upgrade 003:005 --sql': 'a script for psql that goes from 003 to 005',
    })
    .action(async (words: readonly string[], options: UpgradeOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, words, options))
    })

async function run(context: Context, words: readonly string[], options: UpgradeOptions): Promise<ExitCode> {
  const { output } = context
  const json = options.json === true
  if (options.sql) {
    const { offlineUpgrade } = await import('../sql-script/print-script.ts')
    await offlineUpgrade(context, words, { ...options, environment: environmentOf(options, context.env) })
    return exitCodes.done
  }
  const aims = words.length > 0 ? words.map((word) => parseTarget(word, nameIn(context))) : [toHead]
  const targets = await findTargets(context, options.only)
  const planner = plannerFor(context, aims)
  if (options.plan) {
    const { printPlan } = await import('../sql-script/print-plan.ts')
    const states = await inspectStates(targets)
    await printPlan(output, targets, states, await planner(states), {
      json,
      environment: environmentOf(options, context.env),
      ...(options.lockTimeout !== undefined && { lockTimeout: options.lockTimeout }),
    })
    return exitCodes.done
  }
  const report = await change(targets, planner, {
    ...listen(context, options, targets),
    create: options.create === true,
  })
  if (report.findings.length === 0 && report.outcomes.length === 0) output.note('Nothing to do.')
  printReport(output, report, json)
  return exitCodes.done
}

const plannerFor =
  (context: Context, aims: readonly RevisionTarget[]): Parameters<typeof change>[1] =>
  async (states) => {
    const selected = new Set(states.map(({ database }) => database))
    const needed = databasesNeeded(states)
    const peers = needed.size > 0 ? await inspectStates(await findPeers(context, needed)) : []
    return planUpgrade([...peers, ...states], selected, aims, namesIn(context.catalog))
  }

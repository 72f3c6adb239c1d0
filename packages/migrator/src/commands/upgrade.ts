import { type ExitCode, exitCodes } from '@manybase/failure'
import { namesIn } from '../catalog/catalog.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { inspectProgress } from '../data/inspect.ts'
import { aimsFor } from '../fleet/aims.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { type ByThen, planUnits } from '../fleet/plan.ts'
import type { Unit } from '../fleet/units.ts'
import type { Planner } from '../migrate.ts'
import { planUpgrade } from '../plan/plan.ts'
import { parseTarget, type RevisionTarget, toHead } from '../plan/target.ts'
import { printRollOut } from '../report/roll-out.ts'
import { environmentOf, type UpgradeFlags, withUpgradeFlags } from '../settings/change-flags.ts'
import type { Context } from '../settings/context.ts'
import { makePeers, type Peers } from '../settings/peers.ts'
import { changeUnits, type RollOutFlags, withRollOutFlags } from '../settings/roll-out.ts'
import { nameIn } from '../settings/situation.ts'
import { findUnits } from '../settings/units.ts'
import { databasesNeeded } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface UpgradeOptions extends UpgradeFlags, RollOutFlags {
  readonly create?: boolean
  readonly plan?: boolean
  readonly sql?: boolean
}

export const upgrade: MakeCommand = (shell) =>
  withRollOutFlags(
    withUpgradeFlags(baseCommand('upgrade', 'apply revisions up to a target; without one, up to head')),
  )
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
  const all = await findUnits(context, options.only)
  const aimsOf = aimsFor(all, aims)
  const units = all.filter((unit) => aimsOf(unit).length > 0)
  const peers = makePeers(context, units)
  const plannerOf = (unit: Unit, byThen?: ByThen): Planner => plannerFor(context, peers, aimsOf(unit), byThen)
  if (options.plan) {
    const { printPlans } = await import('../sql-script/print-plan.ts')
    const { planData } = await import('../data/plan.ts')
    const environment = environmentOf(options, context.env)
    const planned = await planUnits(units, 'upgrade', plannerOf, options.jobs)
    const withData = await mapBounded(planned, options.jobs, async (each) => ({
      ...each,
      plan: await planData(each.plan, each.states, {
        withData: options.withData === true,
        environment,
        read: (database) => inspectProgress(each.unit.targets.filter(({ name }) => name === database)),
      }),
    }))
    await printPlans(output, withData, {
      json,
      attachment: await attachCompanion(
        context,
        units.flatMap(({ targets }) => targets),
      ),
      environment,
      ...(options.lockTimeout !== undefined && { lockTimeout: options.lockTimeout }),
    })
    return exitCodes.done
  }
  const results = await changeUnits(context, options, {
    units,
    direction: 'upgrade',
    create: options.create === true,
    plannerOf,
  })
  return printRollOut(output, results, json) ? exitCodes.done : exitCodes.migrationFailed
}

const plannerFor =
  (
    context: Context,
    peers: Peers,
    aims: readonly RevisionTarget[],
    byThen: ByThen = (state) => state,
  ): Planner =>
  async (states) => {
    const selected = new Set(states.map(({ database }) => database))
    const needed = databasesNeeded(states)
    const known = needed.size > 0 ? await peers.states(needed) : []
    return planUpgrade([...known.map(byThen), ...states], selected, aims, namesIn(context.catalog))
  }

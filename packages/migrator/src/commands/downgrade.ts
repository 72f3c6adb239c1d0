import { defineFailure, type ExitCode, exitCodes } from '@manybase/failure'
import { entryOf } from '../catalog/target.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { type Job, prepareJobs } from '../execute/job.ts'
import { aimsFor } from '../fleet/aims.ts'
import { mapBounded } from '../fleet/bounded.ts'
import { type ByThen, type PlannedUnit, planUnits } from '../fleet/plan.ts'
import type { Unit } from '../fleet/units.ts'
import { formatRef, parseRef } from '../history/revision.ts'
import { describeLoss, type Loss } from '../losses/loss.ts'
import { sumLosses } from '../losses/sum.ts'
import type { Planner } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { refOf } from '../plan/graph.ts'
import { planDowngrade } from '../plan/plan.ts'
import type { DatabaseState } from '../plan/state.ts'
import { oneDown, parseTarget, type RevisionTarget } from '../plan/target.ts'
import { printRollOut } from '../report/roll-out.ts'
import { type ChangeFlags, environmentOf, withChangeFlags } from '../settings/change-flags.ts'
import { confirmed } from '../settings/confirm.ts'
import type { Context } from '../settings/context.ts'
import { makePeers, type Peers } from '../settings/peers.ts'
import { changeUnits, type RollOutFlags, withRollOutFlags } from '../settings/roll-out.ts'
import { nameIn } from '../settings/situation.ts'
import { findUnits } from '../settings/units.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface DowngradeOptions extends ChangeFlags, RollOutFlags {
  readonly cascade?: boolean
  readonly plan?: boolean
  readonly sql?: boolean
  readonly yes?: boolean
}

const plansDiffer = defineFailure<{ asked: readonly string[]; now: readonly string[] }>(
  'downgrade.overtaken',
  exitCodes.precondition,
  ({ asked, now }) => ({
    what: `The databases changed meanwhile: it would undo ${now.join(', ') || 'nothing'} now, not ${asked.join(', ')}.`,
    why: 'Another migrator was at work between the question and the lock.',
    fix: 'Run the command again, and look at what it says will be lost.',
  }),
)

export const downgrade: MakeCommand = (shell) =>
  withRollOutFlags(
    withChangeFlags(baseCommand('downgrade', 'undo revisions down to a target; without one, the last step')),
  )
    .argument('[target]', '-N, a revision or its beginning, base, NAME@ before each of these; A:B with --sql')
    .option('--cascade', 'undo what other databases have applied on top, too')
    .option('--yes', 'do not ask, and do not count what will be lost')
    .option('--plan', 'print the steps and their exact SQL, and touch nothing')
    .option(
      '--env <name>',
      'with --sql, the environment in which it was upgraded; otherwise its ledger knows',
    )
    .option('--sql', 'write a script for psql that goes from A to B in A:B, without a server')
    .addHelpText(
      'after',
      `
It says what will be lost, and asks; where nobody can answer, it takes --yes.`,
    )
    .showing({
      'pnpm db downgrade specs@-1': 'the last step of one database',
      'pnpm db downgrade 005': 'back to 005 in the history that has it',
      'pnpm db downgrade specs@base --plan': 'what it would take to undo everything',
      'pnpm db downgrade auth@base --cascade': 'everything, and what depends on it elsewhere',
      'pnpm db downgrade 005:003 --sql': 'a script for psql that goes back from 005 to 003',
    })
    .action(async (word: string | undefined, options: DowngradeOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(await run(context, word, options))
    })

async function run(context: Context, word: string | undefined, options: DowngradeOptions): Promise<ExitCode> {
  const { output, env } = context
  const json = options.json === true
  const environment = environmentOf(options, env)
  if (options.sql) {
    const { offlineDowngrade } = await import('../sql-script/print-script.ts')
    await offlineDowngrade(context, word, { ...options, environment })
    return exitCodes.done
  }
  const aim = word === undefined ? oneDown : parseTarget(word, nameIn(context))
  const all = await findUnits(context, options.only)
  const aimsOf = aimsFor(all, [aim])
  const units = all.filter((unit) => aimsOf(unit).length > 0)
  const peers = makePeers(context, units)
  const plannerOf = (unit: Unit, byThen?: ByThen): Planner =>
    plannerFor(context, peers, unit, aimsOf(unit), { cascade: options.cascade === true, byThen })
  const undo = async (onReady?: (unit: Unit, jobs: readonly Job[]) => void) => {
    const results = await changeUnits(context, options, {
      units,
      direction: 'downgrade',
      create: false,
      plannerOf,
      ...(onReady && { onReady }),
    })
    return printRollOut(output, results, json) ? exitCodes.done : exitCodes.migrationFailed
  }
  // Who agrees beforehand isn't told what will be lost: parsing and counting take longer than undoing.
  if (options.yes && !options.plan) return await undo()
  const planned = await planUnits(units, 'downgrade', plannerOf, options.jobs)
  if (options.plan) {
    const { printPlans } = await import('../sql-script/print-plan.ts')
    await printPlans(output, planned, {
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
  const [only, ...others] = planned
  // Of several units those without a plan are told of when the others are through.
  if (only?.plan.kind === 'blocked' && others.length === 0) {
    const [finding, ...more] = only.plan.findings
    if (finding) throw planBlocked([finding, ...more])
  }
  const undoings = await mapBounded(planned, options.jobs, (each) => undoingOf(each, environment))
  if (undoings.some(({ refs }) => refs.length > 0) && !(await agreed(context, undoings))) {
    return exitCodes.declined
  }
  return await undo((unit, jobs) => compare(undoings.find((each) => each.unit === unit)?.refs ?? [], jobs))
}

/** What a unit would undo and lose. */
interface Undoing {
  readonly unit: Unit
  readonly refs: readonly string[]
  readonly losses: readonly Loss[]
}

async function undoingOf({ unit, plan, states }: PlannedUnit, environment: string): Promise<Undoing> {
  const jobs = plan.kind === 'steps' ? prepareJobs(plan.steps, states, environment) : []
  if (jobs.length === 0) return { unit, refs: [], losses: [] }
  const { findLosses } = await import('../losses/find.ts')
  return { unit, refs: jobs.map(refOfJob), losses: await findLosses(jobs, unit.targets) }
}

const refOfJob = ({ step }: Job): string => refOf(step.revision)

/** Names what will be lost, and asks. */
async function agreed({ output }: Context, undoings: readonly Undoing[]): Promise<boolean> {
  const entries = new Map(
    undoings.flatMap(({ unit }) => unit.targets.map((target) => [target.name, entryOf(target)])),
  )
  const entry = (database: string) => entries.get(database) ?? database
  const losses = sumLosses(
    undoings.flatMap((each) => each.losses),
    entry,
  )
  for (const loss of losses) output.note(`  ${describeLoss(loss)}`)
  const refs = Map.groupBy(
    undoings.flatMap((each) => each.refs),
    (ref) => formatRef({ ...parseRef(ref, ''), database: entry(parseRef(ref, '').database) }),
  )
  const names = [...refs].map(([ref, { length }]) => (length > 1 ? `${ref} in ${length} databases` : ref))
  const lost = losses.length > 0 ? `, and lose ${losses.map(describeLoss).join('; ')}` : ''
  return await confirmed(`Undo ${names.join(', ')}${lost}?`, false)
}

/** What is undone must be what was asked about. */
function compare(asked: readonly string[], jobs: readonly Job[]): void {
  const now = jobs.map(refOfJob)
  if (asked.join() !== now.join()) throw plansDiffer({ asked, now })
}

/** Looks at every other database that may depend on what is undone. */
const plannerFor =
  (
    { catalog }: Context,
    peers: Peers,
    unit: Unit,
    [aim = oneDown]: readonly RevisionTarget[],
    {
      cascade,
      byThen = (state) => state,
    }: { readonly cascade: boolean; readonly byThen?: ByThen | undefined },
  ): Planner =>
  async (states) => {
    const selected = new Set(states.map(({ database }) => database))
    const { known, unknown } = await peers.dependents(unit)
    const order = catalog.databases.map(({ name }) => name)
    const placeOf = ({ database }: DatabaseState) => order.indexOf(database.split('/')[0] ?? database)
    const all = [...states, ...known.map(byThen)].sort((one, other) => placeOf(one) - placeOf(other))
    return planDowngrade(all, selected, aim, { cascade, unknown })
  }

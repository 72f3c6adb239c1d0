import { defineFailure, type ExitCode, exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { type Job, prepareJobs } from '../execute/job.ts'
import { readHistory } from '../history/read.ts'
import { describeLoss, type Loss } from '../losses/loss.ts'
import { change } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { refOf } from '../plan/graph.ts'
import { planDowngrade } from '../plan/plan.ts'
import type { DatabaseState } from '../plan/state.ts'
import { oneDown, parseTarget, type RevisionTarget } from '../plan/target.ts'
import { printReport } from '../report/change.ts'
import { type ChangeFlags, environmentOf, withChangeFlags } from '../settings/change-flags.ts'
import { confirmed } from '../settings/confirm.ts'
import { type Context, findPeers, findTargets } from '../settings/context.ts'
import { listen } from '../settings/listen.ts'
import { nameIn } from '../settings/situation.ts'
import { inspectStates } from '../workspace.ts'
import { baseCommand, contextFor, type MakeCommand } from './command.ts'

interface DowngradeOptions extends ChangeFlags {
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
  withChangeFlags(baseCommand('downgrade', 'undo revisions down to a target; without one, the last step'))
    .argument('[target]', '-N, a revision or its beginning, base, NAME@ before each of these; A:B with --sql')
    .option('--cascade', 'undo what other databases have applied on top, too')
    .option('--yes', 'do not ask')
    .option('--plan', 'print the steps and their exact SQL, and touch nothing')
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
  const targets = await findTargets(context, options.only)
  const planner = plannerFor(context, aim, options.cascade === true)
  const states = await inspectStates(targets)
  const plan = await planner(states)
  if (options.plan) {
    const { printPlan } = await import('../sql-script/print-plan.ts')
    await printPlan(output, targets, states, plan, {
      json,
      environment,
      ...(options.lockTimeout !== undefined && { lockTimeout: options.lockTimeout }),
    })
    return exitCodes.done
  }
  if (plan.kind === 'blocked') {
    const [finding, ...others] = plan.findings
    if (finding) throw planBlocked([finding, ...others])
  }
  const jobs = plan.kind === 'steps' ? prepareJobs(plan.steps, states, environment) : []
  if (jobs.length > 0 && !(await agreed(context, jobs, targets, options.yes === true))) {
    return exitCodes.declined
  }
  const report = await change(targets, planner, {
    ...listenAndCompare(context, options, targets, jobs),
    create: false,
  })
  if (jobs.length === 0) output.note('Nothing to do.')
  printReport(output, report, json)
  return exitCodes.done
}

/** Names what will be lost, and asks. */
async function agreed(
  { output }: Context,
  jobs: readonly Job[],
  targets: readonly Target[],
  yes: boolean,
): Promise<boolean> {
  const { findLosses } = await import('../losses/find.ts')
  const losses: readonly Loss[] = await findLosses(jobs, targets)
  for (const loss of losses) output.note(`  ${describeLoss(loss)}`)
  const names = jobs.map(({ step }) => `${step.database}@${step.revision.id}`).join(', ')
  const lost = losses.length > 0 ? `, and lose ${losses.map(describeLoss).join('; ')}` : ''
  return await confirmed(`Undo ${names}${lost}?`, yes)
}

/** What is undone must be what was asked about. */
function listenAndCompare(
  context: Context,
  options: DowngradeOptions,
  targets: readonly Target[],
  asked: readonly Job[],
) {
  const heard = listen(context, options, targets)
  return {
    ...heard,
    onReady: async (jobs: readonly Job[]) => {
      const [before, now] = [asked, jobs].map((list) => list.map(({ step }) => refOf(step.revision)))
      if (before?.join() !== now?.join()) throw plansDiffer({ asked: before ?? [], now: now ?? [] })
      await heard.onReady?.(jobs)
    },
  }
}

/** Looks at every other database of the catalog too, since something may depend on what is undone. */
const plannerFor =
  (context: Context, aim: RevisionTarget, cascade: boolean): Parameters<typeof change>[1] =>
  async (states) => {
    const selected = new Set(states.map(({ database }) => database))
    const others = context.catalog.databases.filter(({ name }) => !selected.has(name))
    const found = await findPeers(context, new Set(others.map(({ name }) => name)))
    const known = await inspectStates(found)
    const unknown = others.filter(({ name }) => !found.some((peer) => peer.name === name)).map(readHistory)
    const order = context.catalog.databases.map(({ name }) => name)
    const all = [...states, ...known].sort(
      (one: DatabaseState, other: DatabaseState) =>
        order.indexOf(one.database) - order.indexOf(other.database),
    )
    return planDowngrade(all, selected, aim, { cascade, unknown })
  }

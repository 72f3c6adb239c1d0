import { defineFailure, exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { attachCompanion } from '../companion/attachment.ts'
import { rollOut } from '../fleet/roll-out.ts'
import { makeSlots } from '../fleet/slots.ts'
import { stagesOf } from '../fleet/stages.ts'
import { isOfLists, type Unit } from '../fleet/units.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { type Peers, toHead, upgrade } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { makeState } from '../plan/state.ts'
import { summarize } from '../report/change.ts'
import { dropDatabase } from '../server/drop.ts'
import { confirmed } from '../settings/confirm.ts'
import type { CommonOptions, Context } from '../settings/context.ts'
import { type JobsFlag, withJobs } from '../settings/jobs.ts'
import { makePeers } from '../settings/peers.ts'
import { findUnits } from '../settings/units.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface ResetOptions extends CommonOptions, JobsFlag {
  readonly yes?: boolean
}

const resetForbidden = defineFailure<Record<never, never>>(
  'reset.production',
  exitCodes.precondition,
  () => ({
    what: 'A production database is never reset.',
    why: 'NODE_ENV is "production", and a reset deletes every row.',
    fix: 'Unset NODE_ENV if this is a development machine.',
  }),
)

export const reset: MakeCommand = (shell) =>
  withJobs(baseCommand('reset', 'drop the databases and bring them to head again, empty (development only)'))
    .option('--yes', 'do not ask')
    .showing({
      'pnpm db:reset': 'all databases, after a question',
      'pnpm db reset --only specs --yes': 'one of them, without one',
    })
    .action(
      action<ResetOptions>(shell, async (context, options) => {
        const { output, env } = context
        if (env.production) throw resetForbidden({})
        const units = await findUnits(context, options.only)
        const found = makePeers(context, units)
        const peers: Peers = (names) => found.states(names)
        for (const { targets } of units.filter((unit) => !isOfLists(unit))) await assertPlan(targets, peers)
        const targets = units.flatMap((unit) => unit.targets)
        const question = `Delete ${targets.map(describe).join(' and ')} with all their rows?`
        if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
        const results = await rollOut(
          stagesOf(units, noCanary, 'upgrade'),
          (unit) => remake(context, unit, peers),
          {
            slots: makeSlots(options.jobs),
            jobs: options.jobs,
            maxFailures: 1,
            failureIn: ({ blocked, failed }) => blocked ?? failed?.error,
          },
        )
        const failed = results.find((result) => result.kind === 'failed')
        if (failed) throw failed.error
        const databases = results.flatMap((result) => (result.kind === 'done' ? result.value.databases : []))
        if (options.json) {
          output.data(JSON.stringify({ databases: databases.map(({ json }) => json) }, null, 2))
        } else for (const { line } of databases) output.data(line)
        return exitCodes.done
      }),
    )

const noCanary = { kind: 'first', count: 0 } as const

async function remake(context: Context, { targets }: Unit, peers: Peers) {
  for (const target of targets.toReversed()) await dropDatabase(target)
  const attachment = await attachCompanion(context, targets)
  return summarize(await upgrade(targets, { create: true, waitSeconds: 60, peers, attachment }))
}

/** Nothing is dropped that could not be made again. */
async function assertPlan(targets: readonly Target[], peers: Peers): Promise<void> {
  const empty = targets.map((target) => makeState(readHistory(target), makeLedger(target.name, [])))
  const plan = await toHead(peers)(empty)
  if (plan.kind !== 'blocked') return
  const [finding, ...others] = plan.findings
  if (finding) throw planBlocked([finding, ...others])
}

const describe = ({ name, connection }: Target) => `${name} at ${connection.host}:${connection.port}`

import { defineFailure, exitCodes } from '@manybase/failure'
import type { Target } from '../catalog/resolve.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { type Peers, toHead, upgrade } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { makeState } from '../plan/state.ts'
import { renderState, stateToJson } from '../report/state.ts'
import { dropDatabase } from '../server/drop.ts'
import { confirmed } from '../settings/confirm.ts'
import { type CommonOptions, findPeers, findTargets } from '../settings/context.ts'
import { inspectStates } from '../workspace.ts'
import { action, baseCommand, type MakeCommand } from './command.ts'

interface ResetOptions extends CommonOptions {
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
  baseCommand('reset', 'drop the databases and bring them to head again, empty (development only)')
    .option('--yes', 'do not ask')
    .showing({
      'pnpm db:reset': 'all databases, after a question',
      'pnpm db reset --only specs --yes': 'one of them, without one',
    })
    .action(
      action<ResetOptions>(shell, async (context, options) => {
        const { output, env } = context
        if (env.production) throw resetForbidden({})
        const targets = await findTargets(context, options.only)
        const peers: Peers = async (names) => await inspectStates(await findPeers(context, names))
        await assertPlan(targets, peers)
        const question = `Delete ${targets.map(describe).join(' and ')} with all their rows?`
        if (!(await confirmed(question, options.yes ?? false))) return exitCodes.declined
        for (const target of targets.toReversed()) await dropDatabase(target)
        const report = await upgrade(targets, { create: true, waitSeconds: 60, peers })
        const [finding, ...others] = report.findings
        if (finding) throw planBlocked([finding, ...others])
        const failed = report.outcomes.find((outcome) => outcome.kind === 'failed')
        if (failed) throw failed.error
        if (options.json) output.data(JSON.stringify({ databases: report.states.map(stateToJson) }, null, 2))
        else for (const state of report.states) output.data(renderState(state))
        return exitCodes.done
      }),
    )

/** Nothing is dropped that could not be made again. */
async function assertPlan(targets: readonly Target[], peers: Peers): Promise<void> {
  const empty = targets.map((target) => makeState(readHistory(target), makeLedger(target.name, [])))
  const plan = await toHead(peers)(empty)
  if (plan.kind !== 'blocked') return
  const [finding, ...others] = plan.findings
  if (finding) throw planBlocked([finding, ...others])
}

const describe = ({ name, connection }: Target) => `${name} at ${connection.host}:${connection.port}`

import type { Target } from './catalog/resolve.ts'
import { type Events, execute, type Outcome } from './execute/execute.ts'
import { type LockOptions, lockAll } from './execute/lock.ts'
import type { Finding } from './plan/findings.ts'
import { planUpgrade } from './plan/plan.ts'
import type { DatabaseState } from './plan/state.ts'
import type { Step } from './plan/step.ts'
import type { Session, SessionOptions } from './server/session.ts'
import { databasesNeeded, readStates, type Workspace, withWorkspace } from './workspace.ts'

/** What an upgrade came to. `states` are those after it; empty when they could not be read any more. */
export interface Report {
  readonly findings: readonly Finding[]
  readonly outcomes: readonly Outcome[]
  readonly states: readonly DatabaseState[]
}

export interface UpgradeOptions extends SessionOptions, LockOptions, Events {
  /** Where other databases stand that the targets depend on; asked only when a pending revision needs one. */
  readonly peers?: (names: ReadonlySet<string>) => Promise<readonly DatabaseState[]>
}

/**
 * Brings the targets to head. Looks without a lock first, so that having nothing to do costs
 * nothing; plans again under the lock, since another migrator may have been faster.
 * @throws `server.*`, `database.*`, `history.*`, `ledger.locked`; a step that fails is an outcome
 */
export async function upgrade(targets: readonly Target[], options: UpgradeOptions): Promise<Report> {
  return await withWorkspace(targets, options, async (workspace) => {
    const peeked = await planNow(workspace, options)
    if (peeked.steps.length === 0) return { ...peeked, outcomes: [] }
    await lockAll(sessionsOf(workspace, peeked.steps), options)
    const planned = await planNow(workspace, options)
    const outcomes = await execute(planned.steps, workspace.sessions, options)
    return { findings: planned.findings, outcomes, states: await statesAfter(workspace, outcomes) }
  })
}

async function planNow(workspace: Workspace, options: UpgradeOptions) {
  const states = await readStates(workspace)
  const selected = new Set(states.map(({ database }) => database))
  const needed = databasesNeeded(states)
  const peers = needed.size > 0 && options.peers ? await options.peers(needed) : []
  const plan = planUpgrade([...peers, ...states], selected)
  return {
    states,
    findings: plan.kind === 'blocked' ? plan.findings : [],
    steps: plan.kind === 'steps' ? plan.steps : [],
  }
}

function sessionsOf({ sessions }: Workspace, steps: readonly Step[]): readonly Session[] {
  const touched = new Set(steps.map((step) => step.database))
  return sessions.filter(({ targets }) => targets.some(({ name }) => touched.has(name)))
}

/** A broken connection must not hide what the outcomes say. */
async function statesAfter(
  workspace: Workspace,
  outcomes: readonly Outcome[],
): Promise<readonly DatabaseState[]> {
  return await readStates(workspace).catch((error) => {
    if (outcomes.some((outcome) => outcome.kind === 'failed')) return []
    throw error
  })
}

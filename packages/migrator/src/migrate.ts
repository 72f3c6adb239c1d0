import type { Target } from './catalog/resolve.ts'
import type { Attachment } from './companion/attachment.ts'
import { type Look, look } from './companion/look.ts'
import type { Settlement } from './companion/settle.ts'
import { concernsData } from './data/files.ts'
import { type Events, execute, type Outcome } from './execute/execute.ts'
import { type Job, prepareJobs } from './execute/job.ts'
import { type LockOptions, lockAll } from './execute/lock.ts'
import type { RunSettings } from './execute/settings.ts'
import type { Finding } from './plan/findings.ts'
import { type Plan, planUpgrade } from './plan/plan.ts'
import type { DatabaseState } from './plan/state.ts'
import type { Step } from './plan/step.ts'
import type { Session, SessionOptions } from './server/session.ts'
import { databasesNeeded, readProgressOf, readStates, type Workspace, withWorkspace } from './workspace.ts'

/** What a change came to. `states` are those after it; empty when they could not be read any more. */
export interface Report {
  readonly findings: readonly Finding[]
  readonly outcomes: readonly Outcome[]
  readonly states: readonly DatabaseState[]
  /** Where the databases were saved before the first step. */
  readonly backup?: string
  /** What the companion did, in each PostgreSQL database that was not in step or has changed. */
  readonly settlements?: readonly Settlement[]
}

/** Makes a plan from where the databases stand; called again under the lock. */
export type Planner = (states: readonly DatabaseState[]) => Plan | Promise<Plan>

export interface ChangeOptions extends SessionOptions, LockOptions, RunSettings, Events {
  /** Runs the data migrations, too, that are not complete. */
  readonly withData?: boolean
  /** Called under the lock, right before the first step; what it throws ends the change before it began. */
  readonly onReady?: (jobs: readonly Job[]) => void | Promise<void>
  /** Saves what the jobs are about to change, under the lock; returns the directory. */
  readonly backUp?: (jobs: readonly Job[]) => Promise<string | undefined>
  /** Called after the last step with the jobs that are done, still under the lock. */
  readonly onDone?: (jobs: readonly Job[], sessions: readonly Session[]) => Promise<void>
  /** What is kept in step beside the histories. */
  readonly attachment?: Attachment | undefined
  readonly onSettled?: (settlement: Settlement) => void
}

/**
 * Changes the targets as a planner says. Looks without a lock first, so that having nothing to do costs
 * nothing; plans again under the lock, since another migrator may have been faster. A database is created only
 * for a plan that isn't blocked.
 * @throws `server.*`, `database.*`, `history.*`, `options.invalid`, `migration.down-missing`, `ledger.locked`;
 *   a step that fails is an outcome
 */
export async function change(
  targets: readonly Target[],
  planner: Planner,
  options: ChangeOptions,
): Promise<Report> {
  return (await attempt(targets, planner, options)) ?? (await change(targets, planner, options))
}

/** Undefined when another migrator was at work, and databases are to be created now that it is done. */
async function attempt(
  targets: readonly Target[],
  planner: Planner,
  options: ChangeOptions,
): Promise<Report | undefined> {
  return await withWorkspace(targets, options, async (existing) => {
    const [peeked, staleIn] = await Promise.all([
      planNow(existing, planner, options),
      lookAround(existing, options),
    ])
    const underWay = peeked.findings.some(mayBeUnderWay)
    const blocked = peeked.findings.length > 0
    if (blocked && !underWay) return { ...peeked, outcomes: [] }
    const workspace = blocked || existing.missing.length === 0 ? existing : await existing.createMissing()
    // What keeps the histories from their target keeps everything else as it is, too.
    const stale = blocked ? [] : staleIn(peeked.states)
    if (peeked.steps.length === 0 && !underWay && stale.length === 0) return { ...peeked, outcomes: [] }
    const touched = new Set([...sessionsOf(workspace, peeked.steps), ...stale])
    await lockAll(underWay ? workspace.sessions : [...touched], options)
    const planned = await planNow(workspace, planner, options)
    if (workspace.missing.length > 0 && planned.findings.length === 0) return undefined
    const jobs = prepareJobs(planned.steps, planned.states, options.environment)
    await options.onReady?.(jobs)
    const backup = jobs.length > 0 ? await options.backUp?.(jobs) : undefined
    const isLocked = (session: Session) => underWay || touched.has(session)
    const { outcomes, settlements } =
      planned.findings.length > 0
        ? { outcomes: [], settlements: [] }
        : await run(workspace, jobs, isLocked, options)
    const changed = workspace.sessions.filter((session) => isLocked(session) && hasRoles(session))
    if (changed.length > 0 && outcomes.length + settlements.length > 0) {
      await (await import('./roles/settle.ts')).grantRights(options.attachment, changed)
    }
    const done = new Set(outcomes.filter(({ kind }) => kind === 'done').map(({ step }) => step))
    if (done.size > 0)
      await options.onDone?.(
        jobs.filter(({ step }) => done.has(step)),
        workspace.sessions,
      )
    const states = await statesAfter(workspace, outcomes)
    const { findings } = planned
    return { findings, outcomes, states, settlements, ...(backup !== undefined && { backup }) }
  })
}

const hasRoles = ({ targets }: Session): boolean => targets.some(({ roles }) => roles !== undefined)

const lookAround = async ({ sessions }: Workspace, { attachment }: ChangeOptions): Promise<Look> =>
  attachment ? await look(attachment, sessions) : () => []

/** What knows the companion is loaded only where there is one, and something is to do. */
async function run(
  workspace: Workspace,
  jobs: readonly Job[],
  isLocked: (session: Session) => boolean,
  { attachment, ...options }: ChangeOptions,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly settlements: readonly Settlement[] }> {
  const { sessions } = workspace
  if (!attachment) return { outcomes: await execute(jobs, sessions, options), settlements: [] }
  const { executeWith } = await import('./companion/execute.ts')
  const states = () => readStates(workspace)
  return await executeWith(attachment, jobs, sessions, { ...options, isLocked, readStates: states })
}

/** A script without a transaction that another migrator is running just now looks like one that was killed. */
const mayBeUnderWay = ({ kind }: Finding): boolean =>
  kind === 'unfinished' || kind === 'half-applied' || kind === 'half-undone'

async function planNow(
  workspace: Workspace,
  planner: Planner,
  { withData = false, environment }: ChangeOptions,
) {
  const states = await readStates(workspace)
  const planned = await planner(states)
  const plan = concernsData(planned, withData)
    ? await (await import('./data/plan.ts')).planData(planned, states, {
        withData,
        ...(environment !== undefined && { environment }),
        read: (database) => readProgressOf(workspace, database),
      })
    : planned
  return {
    states,
    findings: plan.kind === 'blocked' ? plan.findings : [],
    steps: plan.kind === 'steps' ? plan.steps : [],
  }
}

/** Where databases stand that are not changed; asked only when a pending revision depends on one. */
export type Peers = (names: ReadonlySet<string>) => Promise<readonly DatabaseState[]>

/** Plans all targets to head. `catalog` names all databases there are. */
export const toHead =
  (peers: Peers, catalog: readonly string[] = []): Planner =>
  async (states) => {
    const selected = new Set(states.map(({ database }) => database))
    const needed = databasesNeeded(states)
    const known = needed.size > 0 ? await peers(needed) : []
    return planUpgrade([...known, ...states], selected, undefined, catalog)
  }

/** Brings the targets to head. */
export const upgrade = (
  targets: readonly Target[],
  options: ChangeOptions & { readonly peers?: Peers; readonly catalog?: readonly string[] },
): Promise<Report> => change(targets, toHead(options.peers ?? noPeers, options.catalog), options)

const noPeers: Peers = async () => []

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

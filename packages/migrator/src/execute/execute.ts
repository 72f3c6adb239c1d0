import type { Target } from '../catalog/resolve.ts'
import { createLedger } from '../ledger/sql.ts'
import { refOf } from '../plan/graph.ts'
import type { Step } from '../plan/step.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import { runStep } from './step.ts'

/** What became of a step. */
export type Outcome =
  | { readonly kind: 'done'; readonly step: Step; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly step: Step; readonly milliseconds: number; readonly error: unknown }
  | { readonly kind: 'not-run'; readonly step: Step }

export interface Events {
  onStart?(step: Step): void
  onEnd?(outcome: Outcome): void
  onNotice?(step: Step, severity: string, message: string): void
}

/**
 * Runs a plan. Each session has a lane of its own, and a step waits for the steps in other lanes that it needs.
 * Never rejects for a step that fails: the outcomes say what is applied, in the plan's order.
 */
export async function execute(
  steps: readonly Step[],
  sessions: readonly Session[],
  events: Events = {},
): Promise<readonly Outcome[]> {
  const run: Run = {
    ended: new Map(steps.map((step) => [refOf(step.revision), Promise.withResolvers<Outcome>()])),
    failed: false,
    events,
  }
  await Promise.all(sessions.map((session) => runLane(run, session, steps)))
  return await Promise.all(steps.map((step) => outcomeOf(run, refOf(step.revision)))).then((outcomes) =>
    outcomes.filter((outcome) => outcome !== undefined),
  )
}

interface Run {
  readonly ended: ReadonlyMap<string, PromiseWithResolvers<Outcome>>
  readonly events: Events
  /** Set by the first step that fails; no lane begins another one after that. */
  failed: boolean
}

const outcomeOf = (run: Run, ref: string): Promise<Outcome> | undefined => run.ended.get(ref)?.promise

async function runLane(run: Run, session: Session, steps: readonly Step[]): Promise<void> {
  const targets = new Map(session.targets.map((target) => [target.name, target]))
  const prepared = new Set<Target>()
  for (const step of steps) {
    const target = targets.get(step.database)
    if (!target) continue
    await Promise.all(step.needs.map((need) => outcomeOf(run, need)))
    const outcome = await timed(run, step, async () => {
      if (!prepared.has(target)) await prepareLedger(session, target)
      prepared.add(target)
      await withNotices(session, step, run.events, () => runStep(session, target.connection.schema, step))
    })
    run.ended.get(refOf(step.revision))?.resolve(outcome)
  }
}

async function timed(run: Run, step: Step, work: () => Promise<void>): Promise<Outcome> {
  if (run.failed) return { kind: 'not-run', step }
  const start = performance.now()
  run.events.onStart?.(step)
  const outcome = await work().then(
    () => ({ kind: 'done' as const, step, milliseconds: performance.now() - start }),
    (error: unknown) => ({ kind: 'failed' as const, step, milliseconds: performance.now() - start, error }),
  )
  if (outcome.kind === 'failed') run.failed = true
  run.events.onEnd?.(outcome)
  return outcome
}

async function prepareLedger(session: Session, target: Target): Promise<void> {
  await session.client.query(createLedger(target.connection.schema)).catch((error) => {
    throw explainServerError(error, target)
  })
}

async function withNotices(
  session: Session,
  step: Step,
  events: Events,
  work: () => Promise<void>,
): Promise<void> {
  const hear = (notice: { severity?: string | undefined; message?: string | undefined }) =>
    events.onNotice?.(step, notice.severity ?? 'NOTICE', notice.message ?? '')
  session.client.on('notice', hear)
  try {
    await work()
  } finally {
    session.client.off('notice', hear)
  }
}

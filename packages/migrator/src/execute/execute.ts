import type { Target } from '../catalog/resolve.ts'
import type { DataReport } from '../data/settings.ts'
import { createLedger } from '../ledger/sql.ts'
import { keyOf, type Step } from '../plan/step.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import type { Blocker } from './blockers.ts'
import { type DataJob, isDataJob, type Job } from './job.ts'
import type { Retry } from './retry.ts'
import type { RunSettings } from './settings.ts'
import type { StatementReport } from './statements.ts'
import { runStep, type StepGuard, type StepHooks } from './step.ts'

/** What became of a step. */
export type Outcome =
  | {
      readonly kind: 'done'
      readonly step: Step
      readonly milliseconds: number
      /** How many rows its statements have written. */
      readonly rows: number
    }
  | {
      readonly kind: 'skipped'
      readonly step: Step
      readonly milliseconds: number
      /** The environment that the revision isn't for. */
      readonly environment: string
    }
  | { readonly kind: 'failed'; readonly step: Step; readonly milliseconds: number; readonly error: unknown }
  | { readonly kind: 'not-run'; readonly step: Step }

/** What a caller may hear of while a plan is run. */
export interface Events {
  onStart?(step: Step): void
  onEnd?(outcome: Outcome): void
  onNotice?(step: Step, severity: string, message: string): void
  /** Other sessions keep a step waiting. */
  onBlocked?(step: Step, blockers: readonly Blocker[]): void
  /** A step didn't get its locks; it is rolled back, and tried again after the pause. */
  onRetry?(step: Step, retry: Retry): void
  /** A batch of a data migration is through. */
  onBatch?(step: Step, report: DataReport): void
  /** A data migration makes way for something, or waits for another run. */
  onWaitingData?(step: Step, reason: string): void
  /** A statement is through, where a script runs statement by statement. */
  onStatement?(step: Step, report: StatementReport): void
}

export interface ExecuteOptions extends RunSettings, Events {
  readonly guard?: StepGuard | undefined
}

/**
 * Runs a plan. Each session has a lane of its own, and a step waits for the steps in other lanes that it needs.
 * Never rejects for a step that fails: the outcomes say what is applied, in the plan's order.
 */
export async function execute(
  jobs: readonly Job[],
  sessions: readonly Session[],
  options: ExecuteOptions = {},
): Promise<readonly Outcome[]> {
  const run: Run = {
    ended: new Map(jobs.map(({ step }) => [keyOf(step), Promise.withResolvers<Outcome>()])),
    failed: false,
    options,
  }
  await Promise.all(sessions.map((session) => runLane(run, session, jobs)))
  return await Promise.all(jobs.map(({ step }) => outcomeOf(run, keyOf(step)))).then((outcomes) =>
    outcomes.filter((outcome) => outcome !== undefined),
  )
}

interface Run {
  readonly ended: ReadonlyMap<string, PromiseWithResolvers<Outcome>>
  readonly options: ExecuteOptions
  /** Set by the first step that fails; no lane begins another one after that. */
  failed: boolean
}

const outcomeOf = (run: Run, key: string): Promise<Outcome> | undefined => run.ended.get(key)?.promise

async function runLane(run: Run, session: Session, jobs: readonly Job[]): Promise<void> {
  const targets = new Map(session.targets.map((target) => [target.name, target]))
  const prepared = new Map<Target, Promise<void>>()
  for (const job of jobs) {
    const { step } = job
    const target = targets.get(step.database)
    if (!target) continue
    // While other lanes are waited for; should it fail, the step does.
    const preparing = prepared.get(target) ?? prepareLedger(session, target)
    prepared.set(target, preparing)
    preparing.catch(() => {})
    await Promise.all(step.needs.map((need) => outcomeOf(run, need)))
    const outcome = await timed(run, job, async () => {
      await preparing
      return await withNotices(session, step, run.options, () =>
        isDataJob(job)
          ? runDataStep(session, target, job, run.options)
          : runStep(session, target, job, run.options, hooksFor(step, run.options)),
      )
    })
    run.ended.get(keyOf(step))?.resolve(outcome)
  }
}

const hooksFor = (step: Step, { guard, ...events }: ExecuteOptions): StepHooks => ({
  guard,
  onBlocked: (blockers) => events.onBlocked?.(step, blockers),
  onRetry: (retry) => events.onRetry?.(step, retry),
  onStatement: (report) => events.onStatement?.(step, report),
})

/** Loaded only here: most plans have no data migration in them. */
async function runDataStep(
  session: Session,
  target: Target,
  job: DataJob,
  options: RunSettings & Events,
): Promise<number> {
  const { runData } = await import('../data/run.ts')
  const { step } = job
  return await runData(session, target, job, options, {
    onBatch: (report) => options.onBatch?.(step, report),
    onWait: (reason) => options.onWaitingData?.(step, reason),
    onRetry: (retry) => options.onRetry?.(step, retry),
    onRemark: (remark) => options.onNotice?.(step, 'NOTICE', remark),
  })
}

async function timed(run: Run, job: Job, work: () => Promise<number>): Promise<Outcome> {
  const { step } = job
  const skippedIn = isDataJob(job) ? undefined : job.skippedIn
  if (run.failed) return { kind: 'not-run', step }
  const start = performance.now()
  run.options.onStart?.(step)
  const ended = { step, milliseconds: 0 }
  const outcome: Outcome = await work().then(
    (rows) =>
      skippedIn === undefined
        ? { ...ended, kind: 'done', rows }
        : { ...ended, kind: 'skipped', environment: skippedIn },
    (error: unknown) => ({ ...ended, kind: 'failed', error }),
  )
  const timedOutcome = { ...outcome, milliseconds: performance.now() - start }
  if (outcome.kind === 'failed') run.failed = true
  run.options.onEnd?.(timedOutcome)
  return timedOutcome
}

async function prepareLedger(session: Session, target: Target): Promise<void> {
  await session.client.query(createLedger(target.connection.schema)).catch((error) => {
    throw explainServerError(error, target)
  })
}

async function withNotices<T>(
  session: Session,
  step: Step,
  events: Events,
  work: () => Promise<T>,
): Promise<T> {
  const hear = (notice: { severity?: string | undefined; message?: string | undefined }) =>
    events.onNotice?.(step, notice.severity ?? 'NOTICE', notice.message ?? '')
  session.client.on('notice', hear)
  try {
    return await work()
  } finally {
    session.client.off('notice', hear)
  }
}

import { entryOf, type Target } from '../catalog/target.ts'
import type { Attachment } from '../companion/attachment.ts'
import { type CompanionState, inspectCompanion } from '../companion/inspect.ts'
import { dataFileOf } from '../data/files.ts'
import { keepBooks } from '../execute/bookkeeping.ts'
import { type DataJob, isDataJob, prepareJobs, type ScriptJob } from '../execute/job.ts'
import type { RunSettings } from '../execute/settings.ts'
import type { PlannedUnit } from '../fleet/plan.ts'
import { isOfLists, type Unit } from '../fleet/units.ts'
import { formatRef } from '../history/revision.ts'
import { planBlocked } from '../plan/failures.ts'
import { refOf } from '../plan/graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Output } from '../report/output.ts'
import { type StepScript, writeStep } from './step.ts'

/**
 * Prints the steps of plans with their exact SQL. Members of a list that would go the same way are told of once,
 * as JSON each.
 * @throws `plan.*` when there is none for a unit, and why one couldn't be asked
 */
export async function printPlans(
  output: Output,
  planned: readonly PlannedUnit[],
  { json, attachment, ...settings }: PlanSettings,
): Promise<void> {
  const units: Written[] = []
  for (const each of planned) {
    if (each.error) throw each.error
    units.push(await writeUnit(each, settings))
  }
  const companions = await planCompanion(attachment, planned)
  if (json) {
    const steps = units.flatMap(({ scripts }) => scripts.map(toJson))
    return output.data(JSON.stringify({ steps, integrity: companions.map(companionToJson) }, null, 2))
  }
  const busy = units.filter(({ scripts }) => scripts.length > 0)
  if (busy.length === 0 && companions.length === 0) output.note('Nothing to do.')
  for (const alike of Map.groupBy(busy, wayOf).values()) printAlike(output, alike)
  for (const companion of companions) printCompanion(output, companion)
}

interface PlanSettings extends RunSettings {
  readonly json: boolean
  readonly attachment?: Attachment | undefined
}

/**
 * The databases whose companion has something to do apart from the steps. What those make gets its triggers in
 * their own transactions; which they are shows only then.
 */
async function planCompanion(
  attachment: Attachment | undefined,
  planned: readonly PlannedUnit[],
): Promise<readonly CompanionState[]> {
  if (!attachment) return []
  const targets = planned.flatMap(({ unit }) => unit.targets)
  const states = planned.flatMap((each) => each.states)
  const companions = await inspectCompanion(attachment, targets, states)
  return companions.filter(({ pending, statements }) => pending.length > 0 || statements.length > 0)
}

function printCompanion(output: Output, { database, pending, statements }: CompanionState): void {
  const name = `integrity ${database}`
  for (const revision of pending) output.data(`-- ${name}: ${revision}`)
  for (const { description, sql } of statements) output.data(`-- ${name}: ${description}\n${sql}\n`)
}

const companionToJson = ({ database, pending, statements }: CompanionState) => ({
  database,
  pending,
  sql: statements.map(({ sql }) => sql).join('\n'),
})

interface Written {
  readonly unit: Unit
  readonly scripts: readonly ShownStep[]
}

const writeUnit = async ({ unit, states, plan }: PlannedUnit, settings: RunSettings): Promise<Written> => ({
  unit,
  scripts: await writePlan(unit.targets, states, plan, settings),
})

/** Units of the same lists whose steps are the same; their SQL differs in ledger ids alone. */
const wayOf = ({ unit, scripts }: Written): string => {
  const lists = unit.targets.map(entryOf)
  const steps = scripts.map(({ job: { step } }) => `${step.kind} ${step.revision.path}`)
  return JSON.stringify([isOfLists(unit) ? lists : unit.name, steps])
}

function printAlike(output: Output, [first, ...others]: readonly Written[]): void {
  if (!first) return
  for (const { job, sql, transaction, data } of first.scripts) {
    const { kind, database, revision } = job.step
    output.data(`-- ${kind} ${database} ${revision.name}`)
    if (transaction === 'batches') output.data('-- in batches, until nothing is left to do')
    output.data(`${sql}\n`)
    if (data && !data.run) {
      output.data(`-- Not run by this is its data migration: pnpm db data run ${formatRef(revision)}\n`)
    }
  }
  if (others.length > 0) output.data(`-- The same for ${others.map(({ unit }) => unit.name).join(', ')}`)
}

/** A step as it is shown. */
interface ShownStep {
  readonly job: ScriptJob | DataJob
  readonly transaction: StepScript['transaction'] | 'batches'
  readonly sql: string
  /** The data migration beside the script, and whether the plan runs it. */
  readonly data?: { readonly file: string; readonly run: boolean }
}

async function writePlan(
  targets: readonly Target[],
  states: readonly DatabaseState[],
  plan: Plan,
  settings: RunSettings,
): Promise<readonly ShownStep[]> {
  if (plan.kind === 'blocked') {
    const [finding, ...others] = plan.findings
    if (finding) throw planBlocked([finding, ...others])
    return []
  }
  const schemas = new Map(targets.map(({ name, connection }) => [name, connection.schema]))
  const jobs = prepareJobs(plan.steps, states, settings.environment)
  const withData = new Set(jobs.filter(isDataJob).map(({ step }) => refOf(step.revision)))
  return await Promise.all(
    jobs.map(async (job) => {
      if (isDataJob(job)) return { job, transaction: 'batches' as const, sql: job.script.trim() }
      const schema = schemas.get(job.step.database) ?? 'public'
      const script = await writeStep(schema, job, keepBooks(schema, job), settings)
      const file = job.step.kind === 'upgrade' ? dataFileOf(job.step.revision) : undefined
      return file === undefined
        ? script
        : { ...script, data: { file, run: withData.has(refOf(job.step.revision)) } }
    }),
  )
}

const toJson = ({ job: { step, file }, transaction, sql, data }: ShownStep) => ({
  database: step.database,
  revision: step.revision.name,
  direction: step.kind,
  file,
  transaction,
  sql,
  ...(data && { data }),
})

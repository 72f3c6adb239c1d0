import type { Target } from '../catalog/resolve.ts'
import { keepBooks } from '../execute/bookkeeping.ts'
import { prepareJobs } from '../execute/job.ts'
import type { RunSettings } from '../execute/settings.ts'
import { planBlocked } from '../plan/failures.ts'
import type { Plan } from '../plan/plan.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Output } from '../report/output.ts'
import { type StepScript, writeStep } from './step.ts'

/**
 * Prints a plan's steps with their exact SQL.
 * @throws `plan.*` when there is none
 */
export async function printPlan(
  output: Output,
  targets: readonly Target[],
  states: readonly DatabaseState[],
  plan: Plan,
  { json, ...settings }: RunSettings & { readonly json: boolean },
): Promise<void> {
  const scripts = await writePlan(targets, states, plan, settings)
  if (json) return output.data(JSON.stringify({ steps: scripts.map(toJson) }, null, 2))
  if (scripts.length === 0) output.note('Nothing to do.')
  for (const script of scripts) {
    output.data(`-- ${script.job.step.kind} ${script.job.step.database} ${script.job.step.revision.name}`)
    output.data(`${script.sql}\n`)
  }
}

async function writePlan(
  targets: readonly Target[],
  states: readonly DatabaseState[],
  plan: Plan,
  settings: RunSettings,
): Promise<readonly StepScript[]> {
  if (plan.kind === 'blocked') {
    const [finding, ...others] = plan.findings
    if (finding) throw planBlocked([finding, ...others])
    return []
  }
  const schemas = new Map(targets.map(({ name, connection }) => [name, connection.schema]))
  const jobs = prepareJobs(plan.steps, states, settings.environment)
  return await Promise.all(
    jobs.map((job) => {
      const schema = schemas.get(job.step.database) ?? 'public'
      return writeStep(schema, job, keepBooks(schema, job), settings)
    }),
  )
}

const toJson = ({ job: { step, file }, transaction, sql }: StepScript) => ({
  database: step.database,
  revision: step.revision.name,
  direction: step.kind,
  file,
  transaction,
  sql,
})

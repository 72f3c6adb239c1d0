import type { Outcome } from '../execute/execute.ts'
import type { Report } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import type { Output } from './output.ts'
import { renderState, stateToJson } from './state.ts'

/**
 * Prints what a change came to: where the databases stand, as lines or as JSON.
 * @throws `plan.*` when there was no plan, and what made a step fail
 */
export function printReport(output: Output, report: Report, json: boolean): void {
  const [finding, ...others] = report.findings
  if (finding) throw planBlocked([finding, ...others])
  const failed = report.outcomes.find((outcome) => outcome.kind === 'failed')
  if (failed) {
    if (!json) for (const state of report.states) output.note(renderState(state))
    throw failed.error
  }
  if (json) output.data(JSON.stringify(reportToJson(report), null, 2))
  else for (const state of report.states) output.data(renderState(state))
}

const reportToJson = (report: Report) => ({
  databases: report.states.map(stateToJson),
  steps: report.outcomes.map(outcomeToJson),
  ...(report.backup !== undefined && { backup: report.backup }),
})

const outcomeToJson = (outcome: Outcome) => ({
  database: outcome.step.database,
  revision: outcome.step.revision.name,
  direction: outcome.step.kind,
  outcome: outcome.kind,
  ...('milliseconds' in outcome && { milliseconds: Math.round(outcome.milliseconds) }),
  ...('rows' in outcome && { rows: outcome.rows }),
  ...('environment' in outcome && { environment: outcome.environment }),
})

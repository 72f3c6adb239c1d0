import type { Failure } from '@manybase/failure'
import type { Settlement } from '../companion/settle.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Report } from '../migrate.ts'
import { planBlocked } from '../plan/failures.ts'
import { isAtHead } from '../plan/state.ts'
import type { Output } from './output.ts'
import { renderState, stateToJson } from './state.ts'

/** What a change came to, without the histories and ledgers that it was made from. */
export interface Summary {
  readonly databases: readonly DatabaseSummary[]
  readonly steps: readonly ReturnType<typeof outcomeToJson>[]
  /** Where what was changed is saved. */
  readonly backup?: string
  /** What the companion did. */
  readonly integrity: readonly Settlement[]
  /** Why there was no plan. */
  readonly blocked?: Failure
  /** What made a step fail. */
  readonly failed?: { readonly error: unknown }
}

export interface DatabaseSummary {
  readonly name: string
  /** For people. */
  readonly line: string
  readonly atHead: boolean
  readonly json: ReturnType<typeof stateToJson>
}

export function summarize({ findings, outcomes, states, backup, settlements = [] }: Report): Summary {
  const [finding, ...others] = findings
  const failed = outcomes.find((outcome) => outcome.kind === 'failed')
  return {
    databases: states.map((state) => ({
      name: state.database,
      line: renderState(state),
      atHead: isAtHead(state),
      json: stateToJson(state),
    })),
    steps: outcomes.map(outcomeToJson),
    integrity: settlements
      .filter((settlement) => !isQuiet(settlement))
      .map((settlement) => ({ ...settlement, milliseconds: Math.round(settlement.milliseconds) })),
    ...(backup !== undefined && { backup }),
    ...(finding && { blocked: planBlocked([finding, ...others]) }),
    ...(failed && { failed: { error: failed.error } }),
  }
}

/** Whether a companion only looked. */
export const isQuiet = ({ outcome, mended }: Settlement): boolean =>
  outcome === 'in step' && mended.length === 0

/**
 * Prints what a change came to: where the databases stand, as lines or as JSON.
 * @throws `plan.*` when there was no plan, and what made a step fail
 */
export function printSummary(output: Output, summary: Summary, json: boolean): void {
  if (summary.blocked) throw summary.blocked
  if (summary.failed) {
    if (!json) for (const { line } of summary.databases) output.note(line)
    throw summary.failed.error
  }
  if (json) {
    const databases = summary.databases.map((database) => database.json)
    const { steps, integrity, backup } = summary
    output.data(JSON.stringify({ databases, steps, integrity, backup }, null, 2))
  } else for (const { line } of summary.databases) output.data(line)
}

/** An outcome for machines. */
export const outcomeToJson = (outcome: Outcome) => ({
  database: outcome.step.database,
  revision: outcome.step.revision.name,
  direction: outcome.step.kind,
  outcome: outcome.kind,
  ...('milliseconds' in outcome && { milliseconds: Math.round(outcome.milliseconds) }),
  ...('rows' in outcome && { rows: outcome.rows }),
  ...('environment' in outcome && { environment: outcome.environment }),
})

import { type Failure, isFailure } from '@manybase/failure'
import { makeLedger } from '../ledger/ledger.ts'
import type { Planner } from '../migrate.ts'
import { assumedRow } from '../plan/assume.ts'
import type { Plan } from '../plan/plan.ts'
import { type DatabaseState, makeState } from '../plan/state.ts'
import { inspectState } from '../workspace.ts'
import { mapBounded } from './bounded.ts'
import { stagesOf } from './stages.ts'
import { isOfLists, type Unit } from './units.ts'

/** A unit with where it stands and what would be done, as long as nothing else changes it. */
export interface PlannedUnit {
  readonly unit: Unit
  readonly states: readonly DatabaseState[]
  readonly plan: Plan
  /** Why a member of a list couldn't be asked; its plan is empty then. */
  readonly error?: Failure
}

/** How a database will stand when its turn comes: what was planned before is done by then. */
export type ByThen = (state: DatabaseState) => DatabaseState

/** Plans units without changing anything, in the order in which they would be changed. */
export async function planUnits(
  units: readonly Unit[],
  direction: 'upgrade' | 'downgrade',
  plannerOf: (unit: Unit, byThen: ByThen) => Planner,
  jobs: number,
): Promise<readonly PlannedUnit[]> {
  const after = new Map<string, DatabaseState>()
  const byThen: ByThen = (state) => after.get(state.database) ?? state
  const planned: PlannedUnit[] = []
  for (const stage of stagesOf(units, { kind: 'first', count: 0 }, direction)) {
    const made = await mapBounded(stage, jobs, (unit) => planUnit(unit, plannerOf(unit, byThen)))
    for (const { states, plan } of made) {
      for (const state of states) after.set(state.database, afterPlan(state, plan))
    }
    planned.push(...made)
  }
  return planned
}

async function planUnit(unit: Unit, planner: Planner): Promise<PlannedUnit> {
  try {
    const states = await mapBounded(unit.targets, unit.targets.length, inspectState)
    return { unit, states, plan: await planner(states) }
  } catch (error) {
    if (!isFailure(error) || !isOfLists(unit)) throw error
    return { unit, states: [], plan: { kind: 'steps', steps: [] }, error }
  }
}

function afterPlan(state: DatabaseState, plan: Plan): DatabaseState {
  const steps = plan.kind === 'steps' ? plan.steps.filter(({ database }) => database === state.database) : []
  if (steps.length === 0) return state
  const undone = new Set(
    steps.filter(({ kind }) => kind === 'downgrade').map(({ revision }) => revision.name),
  )
  const done = steps.filter(({ kind }) => kind === 'upgrade').map(({ revision }) => assumedRow(revision))
  const rows = [...state.ledger.applied.filter(({ name }) => !undone.has(name)), ...done]
  return makeState(state.history, makeLedger(state.database, rows))
}

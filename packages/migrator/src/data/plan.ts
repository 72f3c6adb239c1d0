import { defaultEnvironment } from '../execute/settings.ts'
import { placeData } from '../plan/data.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Plan } from '../plan/step.ts'
import { type ProgressReader, readFacts } from './facts.ts'

export interface DataPlanOptions {
  readonly withData: boolean
  readonly environment?: string
  readonly read: ProgressReader
}

/** A plan with the data migrations that belong into it, or blocked by those that are not complete. */
export async function planData(
  plan: Plan,
  states: readonly DatabaseState[],
  { withData, environment = defaultEnvironment, read }: DataPlanOptions,
): Promise<Plan> {
  return placeData(plan, states, await readFacts(plan, states, { withData, environment, read }), { withData })
}

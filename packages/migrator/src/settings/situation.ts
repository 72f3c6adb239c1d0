import { fullName, select } from '../catalog/catalog.ts'
import { readHistory } from '../history/read.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { planBlocked } from '../plan/failures.ts'
import type { Found } from '../plan/found.ts'
import { makeSituation, type Situation } from '../plan/situation.ts'
import { type DatabaseState, makeState } from '../plan/state.ts'
import type { NameDatabase } from '../plan/target.ts'
import { inspectStates } from '../workspace.ts'
import { type CommonOptions, type Context, findReferences } from './context.ts'

/**
 * The selected histories for a command that only looks. Without `ledgers` no server is asked, and everything
 * counts as pending; of a list the first selected member is asked.
 * @throws `plan.*` for a graph in which no order can be shown
 */
export async function readSituation(
  context: Context,
  { only = [] }: CommonOptions,
  { ledgers }: { readonly ledgers: boolean },
): Promise<Situation> {
  const databases = select(context.catalog, only)
  const states = ledgers
    ? await inspectStates(await findReferences(context, only))
    : databases.map((database) => makeState(readHistory(database), makeLedger(database.name, [])))
  return situationOf(states)
}

/** @throws `plan.*` for a graph in which no order can be shown */
export function situationOf(states: readonly DatabaseState[]): Situation {
  const situation = makeSituation(states, new Set(states.map(({ database }) => database)))
  const [finding, ...others] = situation.graph.findings
  if (finding) throw planBlocked([finding, ...others])
  return situation
}

/** Names the databases of the catalog by name or label. */
export const nameIn =
  ({ catalog }: Context): NameDatabase =>
  (nameOrLabel) =>
    fullName(catalog, nameOrLabel)

/** @throws `plan.*` when there is only a finding */
export function orBlocked<T>(result: Found<T>): T {
  if (result.kind !== 'found') throw planBlocked([result])
  return result.value
}

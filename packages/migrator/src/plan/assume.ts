import type { Revision } from '../history/revision.ts'
import { type LedgerRow, makeLedger } from '../ledger/ledger.ts'
import { type Found, found } from './found.ts'
import { everythingNeeded, reach } from './reach.ts'
import { resolveTarget } from './resolve.ts'
import { makeSituation } from './situation.ts'
import { type DatabaseState, makeState } from './state.ts'
import type { RevisionTarget } from './target.ts'

/**
 * The states as they would be if the databases stood at some target, with all that it needs: where a script
 * for `A:B` begins, whatever is applied now. Nobody has read the rows of such a ledger, so their ids are the
 * revisions' names.
 */
export function assumeAt(
  states: readonly DatabaseState[],
  selected: ReadonlySet<string>,
  target: RevisionTarget,
): Found<readonly DatabaseState[]> {
  const situation = makeSituation(states, selected)
  const resolved = resolveTarget(situation, target)
  if (resolved.kind !== 'found') return resolved
  const goals = resolved.value.flatMap(({ nodes }) => nodes)
  const applied = new Set([...reach(goals, everythingNeeded)].map(({ revision }) => revision))
  return found(
    states.map(({ database, history }) => {
      const rows = history.revisions.filter((revision) => applied.has(revision)).map(assumedRow)
      return makeState(history, makeLedger(database, rows))
    }),
  )
}

/** The row of a revision that is taken for applied. */
export const assumedRow = ({ name, checksum }: Revision): LedgerRow => ({
  id: name,
  name,
  checksum,
  startedAt: new Date(0),
  finishedAt: new Date(0),
  rolledBackAt: null,
  logs: null,
  appliedSteps: 1,
})

import { aimsFor } from '../fleet/aims.ts'
import type { Unit } from '../fleet/units.ts'
import type { RevisionNode } from '../plan/graph.ts'
import { resolveTarget } from '../plan/resolve.ts'
import { makeSituation } from '../plan/situation.ts'
import type { DatabaseState } from '../plan/state.ts'
import { parseTarget, type RevisionTarget } from '../plan/target.ts'
import type { Context } from '../settings/context.ts'
import { nameIn, orBlocked } from '../settings/situation.ts'

/** A unit of which a command line speaks, and what it says there; undefined for all that is left. */
export interface Meant {
  readonly unit: Unit
  readonly aims: readonly RevisionTarget[] | undefined
}

/** The units that a word speaks of; all of them without one. @throws `target.malformed`, `plan.*` */
export function meantBy(
  context: Context,
  units: readonly Unit[],
  word: string | undefined,
): readonly Meant[] {
  if (word === undefined) return units.map((unit) => ({ unit, aims: undefined }))
  const aimsOf = aimsFor(units, [parseTarget(word, nameIn(context))])
  return units.map((unit) => ({ unit, aims: aimsOf(unit) })).filter(({ aims }) => aims.length > 0)
}

/** The revisions of these databases that are aimed at. @throws `plan.*` */
export function nodesOf(
  states: readonly DatabaseState[],
  aims: readonly RevisionTarget[],
): readonly RevisionNode[] {
  const situation = makeSituation(states, new Set(states.map(({ database }) => database)))
  return aims.flatMap((aim) => orBlocked(resolveTarget(situation, aim)).flatMap(({ nodes }) => nodes))
}

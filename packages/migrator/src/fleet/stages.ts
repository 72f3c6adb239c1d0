import { databaseUnknown } from '../catalog/failures.ts'
import { isOfLists, type Unit } from './units.ts'

/** Which members go first: so many of them, or the one of that name. */
export type Canary =
  | { readonly kind: 'first'; readonly count: number }
  | { readonly kind: 'named'; readonly name: string }

/** Units that may be changed side by side; a stage begins when all of the one before went well. */
export type Stage = readonly Unit[]

/**
 * Single databases come before the lists that may depend on them, and after them on the way back. Of the lists the
 * canary goes first.
 * @throws `database.unknown` for a canary that isn't there
 */
export function stagesOf(
  units: readonly Unit[],
  canary: Canary,
  direction: 'upgrade' | 'downgrade',
): readonly Stage[] {
  const members = units.filter(isOfLists)
  const singles = units.filter((unit) => !isOfLists(unit))
  const first = canaries(members, canary)
  const ofLists = [first, members.filter((unit) => !first.includes(unit))]
  const stages = direction === 'upgrade' ? [singles, ...ofLists] : [...ofLists, singles]
  return stages.filter((stage) => stage.length > 0)
}

function canaries(members: readonly Unit[], canary: Canary): readonly Unit[] {
  if (members.length === 0) return []
  if (canary.kind === 'first') return members.slice(0, canary.count)
  const found = members.filter(({ targets }) =>
    targets.some(({ name, membership }) => [name, membership?.member].includes(canary.name)),
  )
  if (found.length > 0) return found
  throw databaseUnknown({ name: canary.name, known: members.map(({ name }) => name) })
}

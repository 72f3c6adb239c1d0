import { entryOf, type Target } from '../catalog/target.ts'
import { readHistory } from '../history/read.ts'

/**
 * Databases that are planned and changed together: all single ones, or one member of a list along with those of
 * its name in lists that depend on each other. What fails in one unit leaves the others alone.
 */
export interface Unit {
  readonly name: string
  readonly targets: readonly Target[]
}

export const isOfLists = ({ targets }: Unit): boolean => targets.some(({ membership }) => membership)

/** The single databases first, if there are any, then members in the order of their lists. */
export function unitsOf(targets: readonly Target[]): readonly Unit[] {
  const groupOf = groupsOfLists(targets)
  const groups = Map.groupBy(targets, ({ membership }) =>
    membership ? `${groupOf.get(membership.list.name)}/${membership.member}` : '',
  )
  const units = [...groups.values()].map((group) => ({
    name: group.map(({ name }) => name).join(', '),
    targets: group,
  }))
  return [...units.filter((unit) => !isOfLists(unit)), ...units.filter(isOfLists)]
}

/** Lists that depend on each other, directly or not, belong to one group: the name of its first list. */
function groupsOfLists(targets: readonly Target[]): ReadonlyMap<string, string> {
  const lists = [
    ...Map.groupBy(
      targets.filter(({ membership }) => membership),
      entryOf,
    ),
  ]
  const groups = new Map(lists.map(([name]) => [name, name]))
  if (lists.length < 2) return groups
  for (const [name, [first]] of lists) {
    for (const needed of first ? listsNeeded(first) : []) {
      const [from, to] = [groups.get(needed), groups.get(name)]
      if (from === undefined || to === undefined) continue
      for (const [list, group] of groups) if (group === from) groups.set(list, to)
    }
  }
  return groups
}

/** A member's history depends on members of other lists; only their lists matter here. */
const listsNeeded = (target: Target): ReadonlySet<string> =>
  new Set(
    readHistory(target)
      .revisions.flatMap(({ dependsOn }) => dependsOn)
      .map(({ database }) => database.split('/')[0] ?? database),
  )

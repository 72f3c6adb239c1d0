import type { RevisionNode } from './graph.ts'

/**
 * Where a walk goes on below a revision: to its parents first, then to the dependencies that none of its
 * ancestors has as well (Alembic's `_normalized_down_revisions`). Only revisions in `left` count.
 */
export function waysDown(left: ReadonlySet<RevisionNode>): (from: RevisionNode) => readonly RevisionNode[] {
  const lowestRanks = new Map<RevisionNode, number>()
  const lowestDependent = (dependency: RevisionNode): number => {
    const known = lowestRanks.get(dependency)
    if (known !== undefined) return known
    const lowest = dependency.dependents.reduce((least, { rank }) => Math.min(least, rank), Infinity)
    lowestRanks.set(dependency, lowest)
    return lowest
  }

  const isInherited = (node: RevisionNode, dependency: RevisionNode): boolean => {
    if (dependency.dependents.length < 2) return false
    const lowest = lowestDependent(dependency)
    const ancestors = new Set<RevisionNode>()
    const climb = (from: RevisionNode) => {
      // Below the lowest one that has the dependency there is nothing to find.
      for (const parent of from.parents) if (parent.rank >= lowest && left.has(parent)) ancestors.add(parent)
    }
    climb(node)
    for (const ancestor of ancestors) {
      if (ancestor.dependsOn.includes(dependency)) return true
      climb(ancestor)
    }
    return false
  }

  return (from) => {
    if (from.dependsOn.length === 0) return from.parents
    const own = from.dependsOn.filter((dependency) => left.has(dependency) && !isInherited(from, dependency))
    return [...new Set([...from.parents, ...own])]
  }
}

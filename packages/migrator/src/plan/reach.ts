import type { RevisionNode } from './graph.ts'

/** All that can be reached from some revisions, those included. */
export function reach(
  from: Iterable<RevisionNode>,
  next: (node: RevisionNode) => readonly RevisionNode[],
): ReadonlySet<RevisionNode> {
  const seen = new Set(from)
  // A set may grow while it is iterated over; the walk then goes on with what was added.
  for (const node of seen) for (const each of next(node)) seen.add(each)
  return seen
}

/** Within the history; what is needed of other branches and databases doesn't count. */
export const parentsOf = (node: RevisionNode): readonly RevisionNode[] => node.parents
export const childrenOf = (node: RevisionNode): readonly RevisionNode[] => node.children
export const everythingNeeded = (node: RevisionNode): readonly RevisionNode[] => node.needs
export const everythingAbove = (node: RevisionNode): readonly RevisionNode[] => node.neededBy

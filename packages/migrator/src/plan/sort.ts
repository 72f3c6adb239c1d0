import type { RevisionNode } from './graph.ts'
import { HeadList } from './heads.ts'
import { findHoldUps } from './hold-ups.ts'
import { waysDown } from './ways-down.ts'

/**
 * Sorts revisions newest first: each before all that it needs. The order is exactly that of Alembic's
 * `RevisionMap._topological_sort`: it keeps a list of heads, walks down from one of them as far as nothing
 * else still needs what comes next, and then goes on from the first head in the list that does.
 *
 * Alembic keeps the set of ancestors of every head, and so grows with the square of the history. Here a
 * revision knows how many others it still waits for, and only a walk that is held up looks for who holds it up.
 */
export function sortNewestFirst(revisions: ReadonlySet<RevisionNode>): readonly RevisionNode[] {
  const waiting = new Map<RevisionNode, number>()
  for (const node of revisions) {
    for (const need of node.needs) if (revisions.has(need)) waiting.set(need, (waiting.get(need) ?? 0) + 1)
  }
  const heads = new HeadList()
  const tops = [...revisions].filter((node) => !waiting.has(node))
  for (const node of tops.sort((one, other) => one.index - other.index)) heads.append(node)

  const sorted: RevisionNode[] = []
  const left = new Set(revisions)
  const down = waysDown(left)
  const holdUp = findHoldUps(left, heads)
  for (let head = heads.first; head; ) {
    const { node } = head
    if (waiting.get(node)) {
      head = holdUp(head)
      continue
    }
    sorted.push(node)
    left.delete(node)
    for (const need of node.needs) waiting.set(need, (waiting.get(need) ?? 0) - 1)
    const [next, ...others] = down(node).filter((below) => left.has(below) && !heads.has(below))
    head = next ? heads.replace(head, next) : heads.remove(head)
    for (const other of others) heads.append(other)
  }
  return sorted
}

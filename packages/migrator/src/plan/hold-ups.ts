import type { RevisionNode } from './graph.ts'
import type { Head, HeadList } from './heads.ts'

/** A search for all that needs a revision, directly or not. It can be gone on with. */
interface Search {
  readonly seen: Set<RevisionNode>
  /** A set may grow while it is iterated over; the search then goes on with what was added. */
  readonly ahead: Iterator<RevisionNode>
  ended: boolean
}

/**
 * Says which head holds a walk up: among those that need its next revision, directly or not, the first one
 * in the list. A walk may be held up many times at the same revision, so what was found is kept: what needs a
 * revision only becomes less while `left` does.
 */
export function findHoldUps(
  left: ReadonlySet<RevisionNode>,
  heads: HeadList,
): (held: Head) => Head | undefined {
  const searches = new Map<RevisionNode, Search>()
  const searchFrom = (node: RevisionNode): Search => {
    const known = searches.get(node)
    if (known) return known
    const seen = new Set([node])
    const search = { seen, ahead: seen.values(), ended: false }
    searches.set(node, search)
    return search
  }
  const goOn = (search: Search) => {
    const { value, done } = search.ahead.next()
    search.ended = done === true
    if (!done) for (const above of value.neededBy) if (left.has(above)) search.seen.add(above)
  }

  return (held) => {
    const search = searchFrom(held.node)
    const first = heads.first === held ? held.after : heads.first
    while (first && !search.seen.has(first.node) && !search.ended) goOn(search)
    let head = first
    while (head && (head === held || !search.seen.has(head.node))) head = head.after
    return head
  }
}

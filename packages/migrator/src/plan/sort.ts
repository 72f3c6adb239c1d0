import type { RevisionNode } from './graph.ts'
import { waysDown } from './ways-down.ts'

/**
 * Sorts revisions newest first: each before all that it needs. The order is exactly that of Alembic's
 * `RevisionMap._topological_sort`: it keeps a list of heads, walks down from one of them as far as nothing
 * else still needs what comes next, and then goes on from the first head in the list that does.
 *
 * Alembic keeps the set of ancestors of every head, and so grows with the square of the history. Here a
 * revision knows how many others it still waits for, and only a walk that is held up looks for who holds it.
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
  for (let head = heads.first; head; ) {
    const { node } = head
    if (waiting.get(node)) {
      head = firstHeadAbove(node, left, heads)
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

interface Head {
  node: RevisionNode
  readonly place: number
  before: Head | undefined
  after: Head | undefined
}

/** A linked list whose places never change their order: a head is only appended, replaced or removed. */
class HeadList {
  first: Head | undefined
  private last: Head | undefined
  private places = 0
  private readonly byNode = new Map<RevisionNode, Head>()

  has(node: RevisionNode): boolean {
    return this.byNode.has(node)
  }

  get(node: RevisionNode): Head | undefined {
    return this.byNode.get(node)
  }

  append(node: RevisionNode): void {
    const head: Head = { node, place: this.places++, before: this.last, after: undefined }
    if (this.last) this.last.after = head
    else this.first = head
    this.last = head
    this.byNode.set(node, head)
  }

  replace(head: Head, node: RevisionNode): Head {
    this.byNode.delete(head.node)
    this.byNode.set(node, head)
    head.node = node
    return head
  }

  /** Returns the head before it, or else the new first one. */
  remove(head: Head): Head | undefined {
    const { before, after } = head
    this.byNode.delete(head.node)
    if (before) before.after = after
    else this.first = after
    if (after) after.before = before
    else this.last = before
    return before ?? this.first
  }
}

/** Among the heads that need a revision, directly or not, the first one in the list. */
function firstHeadAbove(
  start: RevisionNode,
  left: ReadonlySet<RevisionNode>,
  heads: HeadList,
): Head | undefined {
  let found: Head | undefined
  const seen = new Set([start])
  // A set may grow while it is iterated over; the search then goes on with what was added.
  for (const node of seen) {
    const head = node === start ? undefined : heads.get(node)
    if (head && (!found || head.place < found.place)) found = head
    if (found && found === heads.first) return found
    for (const above of node.neededBy) if (left.has(above)) seen.add(above)
  }
  return found
}

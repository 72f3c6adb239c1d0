import type { RevisionNode } from './graph.ts'

/** Where a walk has come to. */
export interface Head {
  node: RevisionNode
  before: Head | undefined
  after: Head | undefined
}

/** A linked list whose places never change their order: a head is only appended, replaced or removed. */
export class HeadList {
  first: Head | undefined
  private last: Head | undefined
  private readonly byNode = new Map<RevisionNode, Head>()

  has(node: RevisionNode): boolean {
    return this.byNode.has(node)
  }

  append(node: RevisionNode): void {
    const head: Head = { node, before: this.last, after: undefined }
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

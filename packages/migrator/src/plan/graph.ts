import { formatRef, type History, type Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'
import { rankByNeeds } from './rank.ts'

/** A revision with its edges. Neighbours are in the order of the headers, or of the catalog. */
export interface RevisionNode {
  readonly revision: Revision
  /** `database@id`. */
  readonly ref: string
  /** Its place in the catalog's order, then by name. */
  readonly index: number
  /** Greater than that of everything it needs. */
  readonly rank: number
  readonly parents: readonly RevisionNode[]
  /** Revisions of the same history that revise this one. */
  readonly children: readonly RevisionNode[]
  readonly dependsOn: readonly RevisionNode[]
  readonly dependents: readonly RevisionNode[]
  /** Parents and dependencies, each once. */
  readonly needs: readonly RevisionNode[]
  /** Children and dependents, each once. */
  readonly neededBy: readonly RevisionNode[]
}

/** All histories as one directed acyclic graph; with findings it is neither complete nor acyclic. */
export interface Graph {
  readonly nodes: readonly RevisionNode[]
  readonly findings: readonly Finding[]
  /** Looks a revision up by `database@id`. */
  find(ref: string): RevisionNode | undefined
}

/** A node while its graph is being made. */
interface Draft extends RevisionNode {
  rank: number
  readonly parents: Draft[]
  readonly children: Draft[]
  readonly dependsOn: Draft[]
  readonly dependents: Draft[]
  readonly needs: Draft[]
  readonly neededBy: Draft[]
}

/** Builds the graph of the histories, in time linear in their revisions and edges. */
export function makeGraph(histories: readonly History[]): Graph {
  const drafts = new Map<string, Draft>()
  const twins = new Map<string, [Revision, ...Revision[]]>()
  for (const { revisions } of histories) {
    for (const revision of revisions) {
      const ref = refOf(revision)
      const first = drafts.get(ref)
      if (!first) drafts.set(ref, makeDraft(revision, ref, drafts.size))
      else twins.set(ref, [...(twins.get(ref) ?? [first.revision]), revision])
    }
  }
  const known = new Set(histories.map(({ database }) => database))
  const nodes = [...drafts.values()]
  const unknown: Finding[] = []
  for (const node of nodes) link(node, drafts, known, unknown)
  const { order, cycles } = rankByNeeds(nodes)
  for (const [rank, node] of order.entries()) node.rank = rank
  return {
    nodes,
    findings: [...[...twins.values()].map(duplicate), ...unknown, ...cycles.map(cycle)],
    find: (ref) => drafts.get(ref),
  }
}

const makeDraft = (revision: Revision, ref: string, index: number): Draft => ({
  revision,
  ref,
  index,
  rank: 0,
  parents: [],
  children: [],
  dependsOn: [],
  dependents: [],
  needs: [],
  neededBy: [],
})

/** Draws a node's edges. A database that isn't known can't be said to lack a revision. */
function link(
  node: Draft,
  drafts: ReadonlyMap<string, Draft>,
  known: ReadonlySet<string>,
  unknown: Finding[],
): void {
  const { database, parents, dependsOn } = node.revision
  const find = (ref: string) => {
    const found = drafts.get(ref)
    if (!found && known.has(databaseOf(ref))) unknown.push(unknownParent(node.revision, ref))
    return found
  }
  for (const id of parents) {
    const parent = find(formatRef({ database, id }))
    if (!parent || node.parents.includes(parent)) continue
    node.parents.push(parent)
    parent.children.push(node)
    need(node, parent)
  }
  for (const ref of dependsOn) {
    const dependency = find(formatRef(ref))
    if (!dependency || node.dependsOn.includes(dependency)) continue
    node.dependsOn.push(dependency)
    dependency.dependents.push(node)
    if (!node.needs.includes(dependency)) need(node, dependency)
  }
}

function need(node: Draft, needed: Draft): void {
  node.needs.push(needed)
  needed.neededBy.push(node)
}

/** Ids of the revisions that none in the same history revises. */
export function headsOf(revisions: readonly Revision[]): readonly string[] {
  const parents = new Set(revisions.flatMap((revision) => revision.parents))
  return revisions.filter((revision) => !parents.has(revision.id)).map(({ id }) => id)
}

export const refOf = (revision: Revision): string =>
  formatRef({ database: revision.database, id: revision.id })

/** What must be applied before a revision, as `database@id`. */
export const needsOf = (revision: Revision): readonly string[] => [
  ...revision.parents.map((id) => formatRef({ database: revision.database, id })),
  ...revision.dependsOn.map(formatRef),
]

const databaseOf = (ref: string) => ref.slice(0, ref.lastIndexOf('@'))

function duplicate(twins: readonly [Revision, ...Revision[]]): Finding {
  const [{ database, id }] = twins
  return { kind: 'duplicate-revision', database, id, paths: twins.map(({ path }) => path) }
}

const unknownParent = (revision: Revision, parent: string): Finding => ({
  kind: 'unknown-parent',
  database: revision.database,
  revision: revision.name,
  parent,
  paths: [revision.path],
})

function cycle(circle: readonly [RevisionNode, ...RevisionNode[]]): Finding {
  const [first] = circle
  return {
    kind: 'cycle',
    database: first.revision.database,
    revisions: [...circle, first].map(({ ref }) => ref),
    paths: circle.map(({ revision }) => revision.path),
  }
}

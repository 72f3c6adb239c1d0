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
  for (const revision of histories.flatMap(({ revisions }) => revisions)) {
    const ref = refOf(revision)
    if (!drafts.has(ref)) drafts.set(ref, makeDraft(revision, ref, drafts.size))
  }
  const known = new Set(histories.map(({ database }) => database))
  const nodes = [...drafts.values()]
  const unknown = nodes.flatMap((node) => link(node, drafts, known))
  const { order, cycles } = rankByNeeds(nodes)
  for (const [rank, node] of order.entries()) node.rank = rank
  return {
    nodes,
    findings: [...histories.flatMap(duplicates), ...unknown, ...cycles.map(cycle)],
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
function link(node: Draft, drafts: ReadonlyMap<string, Draft>, known: ReadonlySet<string>): Finding[] {
  const { database, parents, dependsOn } = node.revision
  const findings: Finding[] = []
  const find = (ref: string) => {
    const found = drafts.get(ref)
    if (!found && known.has(databaseOf(ref))) findings.push(unknownParent(node.revision, ref))
    return found
  }
  const needs = new Set<Draft>()
  for (const parent of new Set(parents)) {
    const found = find(formatRef({ database, id: parent }))
    if (!found) continue
    node.parents.push(found)
    found.children.push(node)
    needs.add(found)
  }
  for (const ref of new Set(dependsOn.map(formatRef))) {
    const found = find(ref)
    if (!found) continue
    node.dependsOn.push(found)
    found.dependents.push(node)
    needs.add(found)
  }
  for (const need of needs) {
    node.needs.push(need)
    need.neededBy.push(node)
  }
  return findings
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

function duplicates({ database, revisions }: History): Finding[] {
  const groups = Map.groupBy(revisions, ({ id }) => id)
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([id, group]) => ({
      kind: 'duplicate-revision',
      database,
      id,
      paths: group.map(({ path }) => path),
    }))
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

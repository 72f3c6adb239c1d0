import { type Graph, makeGraph, type RevisionNode, refOf } from './graph.ts'
import type { DatabaseState } from './state.ts'

/** All that a plan is made from. */
export interface Situation {
  readonly graph: Graph
  readonly states: readonly DatabaseState[]
  /** Names of the databases that may be changed, in the order of the states. */
  readonly selected: readonly string[]
  readonly applied: ReadonlySet<RevisionNode>
}

export function makeSituation(states: readonly DatabaseState[], selected: ReadonlySet<string>): Situation {
  const graph = makeGraph(states.map(({ history }) => history))
  const applied = states.flatMap((state) => state.applied.map((revision) => graph.find(refOf(revision))))
  return {
    graph,
    states,
    selected: states.map(({ database }) => database).filter((database) => selected.has(database)),
    applied: new Set(applied.filter((node) => node !== undefined)),
  }
}

const nodesOf = ({ graph }: Situation, database: string): readonly RevisionNode[] =>
  graph.nodes.filter(({ revision }) => revision.database === database)

export const headNodes = (situation: Situation, database: string): readonly RevisionNode[] =>
  nodesOf(situation, database).filter(({ children }) => children.length === 0)

export const baseNodes = (situation: Situation, database: string): readonly RevisionNode[] =>
  nodesOf(situation, database).filter(({ parents }) => parents.length === 0)

/** Applied revisions of a database that no other applied one of it revises. */
export const currentNodes = (situation: Situation, database: string): readonly RevisionNode[] =>
  appliedIn(situation, database).filter(
    (node) => !node.children.some((child) => situation.applied.has(child)),
  )

/**
 * Where relative steps begin: at the applied revisions that nothing applied needs, or, when another
 * database's revisions need all of them, at those that nothing in this history needs. What Alembic keeps in
 * its version table are the former.
 */
export function standpoints(situation: Situation, database: string): readonly RevisionNode[] {
  const applied = appliedIn(situation, database)
  const isTop = (counts: (above: RevisionNode) => boolean) => (node: RevisionNode) =>
    !node.neededBy.some((above) => situation.applied.has(above) && counts(above))
  const tops = applied.filter(isTop(() => true))
  return tops.length > 0 ? tops : applied.filter(isTop(({ revision }) => revision.database === database))
}

const appliedIn = (situation: Situation, database: string): readonly RevisionNode[] =>
  nodesOf(situation, database).filter((node) => situation.applied.has(node))

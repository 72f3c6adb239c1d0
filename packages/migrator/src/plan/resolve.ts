import { type Found, found } from './found.ts'
import type { RevisionNode } from './graph.ts'
import { currentNodes, headNodes, type Situation, standpoints } from './situation.ts'
import type { RevisionTarget } from './target.ts'
import { nameOf, type Place, walk } from './walk.ts'

/** What a target means in one history: its revisions, none for `base`. */
export interface Resolved {
  readonly database: string
  readonly nodes: readonly RevisionNode[]
  /** Where relative steps began, when that was where the database stands. */
  readonly standpoint?: Place
}

/**
 * Says which revisions a target means, for each history that it speaks of. A bare revision belongs to the
 * one history that has it; other words without a name speak of every selected database, and steps of exactly
 * one.
 */
export function resolveTarget(situation: Situation, target: RevisionTarget): Found<readonly Resolved[]> {
  const { anchor, steps } = target
  if (target.database !== undefined && !situation.selected.includes(target.database)) {
    return unselected(situation, target, target.database)
  }
  const exact = anchor?.kind === 'revision' || steps !== undefined ? findExact(situation, target) : undefined
  if (exact) return exact.kind === 'found' ? found([inHistory(exact.value)]) : exact
  if (anchor?.kind === 'revision') {
    const node = findByPrefix(situation, target, anchor.id)
    if (node.kind !== 'found') return node
    return steps === undefined ? found([inHistory(node.value)]) : one(walkFrom(situation, target, node.value))
  }
  const databases = databasesMeant(situation, target)
  if (steps === undefined) return all(databases.map((database) => resolveWord(situation, target, database)))
  const [database, ...others] = databases
  if (database === undefined || others.length > 0) return unscoped(target, databases)
  return one(resolveRelative(situation, target, database))
}

/** A word without a database as one target for each history, so that each can be refused by itself. */
export const inEachHistory = (situation: Situation, target: RevisionTarget): readonly RevisionTarget[] =>
  target.database === undefined && target.anchor?.kind === 'head' && target.steps === undefined
    ? situation.selected.map((database) => ({ ...target, database }))
    : [target]

/** The databases that a target may speak of. */
const databasesMeant = (situation: Situation, target: RevisionTarget): readonly string[] =>
  target.database === undefined ? situation.selected : [target.database]

function resolveWord(situation: Situation, target: RevisionTarget, database: string): Found<Resolved> {
  switch (target.anchor?.kind) {
    case 'heads':
      return found({ database, nodes: headNodes(situation, database) })
    case 'current':
      return found({ database, nodes: currentNodes(situation, database) })
    case 'head': {
      const nodes = headNodes(situation, database)
      if (nodes.length < 2) return found({ database, nodes })
      return { kind: 'multiple-heads', database, heads: nodes.map(nameOf) }
    }
    default:
      return found({ database, nodes: [] })
  }
}

function resolveRelative(situation: Situation, target: RevisionTarget, database: string): Found<Resolved> {
  if (!target.anchor) {
    const stands = standpoints(situation, database)
    const [standpoint = 'base' as const, ...others] = stands
    if (others.length > 0) return standsApart(target, database, stands)
    const place = walk(situation, target, database, standpoint)
    return place.kind === 'found' ? found({ ...atPlace(database, place.value), standpoint }) : place
  }
  const anchors = resolveWord(situation, target, database)
  if (anchors.kind !== 'found') return anchors
  const [start = 'base' as const, ...others] = anchors.value.nodes
  if (others.length > 0) return standsApart(target, database, anchors.value.nodes)
  const place = walk(situation, target, database, start)
  return place.kind === 'found' ? found(atPlace(database, place.value)) : place
}

function walkFrom(situation: Situation, target: RevisionTarget, start: RevisionNode): Found<Resolved> {
  const { database } = start.revision
  const place = walk(situation, target, database, start)
  return place.kind === 'found' ? found(atPlace(database, place.value)) : place
}

const atPlace = (database: string, place: Place): Resolved => ({
  database,
  nodes: place === 'base' ? [] : [place],
})

const inHistory = (node: RevisionNode): Resolved => ({ database: node.revision.database, nodes: [node] })

/** An id that is there as it was typed; it may hold a `-` that would else be taken for steps. */
function findExact(situation: Situation, target: RevisionTarget): Found<RevisionNode> | undefined {
  const matches = nodesIn(situation, target, ({ revision }) => revision.id === target.word)
  return matches.length > 0 ? single(target, matches) : undefined
}

/** Ids of up to three characters have no shorter form: else `1` would mean `100` where `001` was meant. */
const shortestWithPrefix = 4

function findByPrefix(situation: Situation, target: RevisionTarget, id: string): Found<RevisionNode> {
  const exact = nodesIn(situation, target, ({ revision }) => revision.id === id)
  if (exact.length > 0) return single(target, exact)
  const fits = ({ revision }: RevisionNode) =>
    revision.id.length >= shortestWithPrefix && revision.id.startsWith(id)
  const matches = nodesIn(situation, target, fits)
  if (matches.length > 0) return single(target, matches)
  const elsewhere = situation.graph.nodes.find(({ revision }) => revision.id === id)?.revision.database
  if (elsewhere !== undefined && target.database === undefined)
    return unselected(situation, target, elsewhere)
  return { kind: 'unknown-revision', target: target.text, databases: databasesMeant(situation, target) }
}

const unselected = ({ selected }: Situation, target: RevisionTarget, elsewhere: string) => ({
  kind: 'unknown-revision' as const,
  target: target.text,
  databases: selected,
  elsewhere,
})

function nodesIn(situation: Situation, target: RevisionTarget, fits: (node: RevisionNode) => boolean) {
  const databases = new Set(databasesMeant(situation, target))
  return situation.graph.nodes.filter((node) => databases.has(node.revision.database) && fits(node))
}

function single(target: RevisionTarget, matches: readonly RevisionNode[]): Found<RevisionNode> {
  const [only, ...others] = matches
  if (only && others.length === 0) return found(only)
  return { kind: 'ambiguous-revision', target: target.text, matches: matches.map(({ ref }) => ref) }
}

const standsApart = (target: RevisionTarget, database: string, nodes: readonly RevisionNode[]) => ({
  kind: 'relative-ambiguous' as const,
  database,
  target: target.text,
  choices: nodes.map(nameOf),
})

const unscoped = (target: RevisionTarget, databases: readonly string[]) => ({
  kind: 'relative-unscoped' as const,
  target: target.text,
  forms: databases.map((database) => `${database}@${target.word}`),
})

function all(list: readonly Found<Resolved>[]): Found<readonly Resolved[]> {
  const values: Resolved[] = []
  for (const each of list) {
    if (each.kind !== 'found') return each
    values.push(each.value)
  }
  return found(values)
}

const one = (resolved: Found<Resolved>): Found<readonly Resolved[]> => all([resolved])

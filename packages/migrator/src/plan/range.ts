import { type Found, found } from './found.ts'
import type { RevisionNode } from './graph.ts'
import { childrenOf, everythingNeeded, reach } from './reach.ts'
import { type Resolved, resolveTarget } from './resolve.ts'
import type { Situation } from './situation.ts'
import { sortNewestFirst } from './sort.ts'
import type { RevisionRange, RevisionTarget } from './target.ts'
import { type Place, walk } from './walk.ts'

/**
 * The revisions of a range, newest first: from its start, which belongs to it, up to its end, and from base
 * on also what the end needs elsewhere. `-N:B` begins N steps below B, and `A:+N` ends N steps above A; in
 * Alembic 1.8 the former counts from the heads, whatever B is. More steps than there are show all there is.
 * Where the end hangs on the start by dependencies alone, Alembic's sort fails on an assertion;
 * where a range with a start leaves out what lies between two of its revisions, the order may differ.
 */
export function revisionsIn(situation: Situation, range: RevisionRange): Found<readonly RevisionNode[]> {
  const ends = resolveEnds(situation, {
    from: within(range.from, range.to.database),
    to: within(range.to, range.from.database),
  })
  if (ends.kind !== 'found') return ends
  const [from, to] = ends.value.map((resolved) => resolved.flatMap(({ nodes }) => nodes))
  const below = reach(to ?? [], everythingNeeded)
  if (from === undefined || from.length === 0) return found(sortNewestFirst(below))
  if (from.some((node) => !below.has(node))) {
    return { kind: 'range-apart', from: range.from.text, to: range.to.text }
  }
  const before = reach(
    from.flatMap((node) => node.needs),
    everythingNeeded,
  )
  const above = reach(from, childrenOf)
  return found(sortNewestFirst(new Set([...below].filter((node) => above.has(node) && !before.has(node)))))
}

/**
 * A range whose end counts steps, with that end in the history of its start: `005:+1`, `005:-1`. A script that is
 * written without a server takes the start for where the database stands.
 */
export function withStepsInOneHistory(situation: Situation, range: RevisionRange): Found<RevisionRange> {
  if (!isSteps(range.to) || range.to.database !== undefined) return found(range)
  const start = resolveTarget(situation, range.from)
  if (start.kind !== 'found') return start
  const [only, ...others] = start.value
  return found(
    only && others.length === 0 ? { ...range, to: { ...range.to, database: only.database } } : range,
  )
}

/** An end that says no database is in that of the other one; a revision says it by itself. */
const within = (target: RevisionTarget, database: string | undefined): RevisionTarget =>
  database === undefined || target.database !== undefined || target.anchor?.kind === 'revision'
    ? target
    : { ...target, database }

type Ends = readonly [from: readonly Resolved[], to: readonly Resolved[]]

function resolveEnds(situation: Situation, range: RevisionRange): Found<Ends> {
  const { from, to } = range
  if (isSteps(to) && isSteps(from)) return { kind: 'range-apart', from: from.text, to: to.text }
  const anchored = resolveTarget(situation, isSteps(to) ? from : to)
  if (anchored.kind !== 'found') return anchored
  const other = isSteps(to)
    ? stepsFrom(situation, range, to, anchored.value)
    : isSteps(from)
      ? stepsFrom(situation, range, from, anchored.value)
      : resolveTarget(situation, from)
  if (other.kind !== 'found') return other
  return found(isSteps(to) ? [anchored.value, other.value] : [other.value, anchored.value])
}

const isSteps = ({ anchor }: RevisionTarget): boolean => !anchor

function stepsFrom(
  situation: Situation,
  range: RevisionRange,
  target: RevisionTarget,
  anchored: readonly Resolved[],
): Found<readonly Resolved[]> {
  const fitting = anchored.filter(({ database }) => (target.database ?? database) === database)
  const [only, ...others] = fitting
  if (!only) return { kind: 'range-apart', from: range.from.text, to: range.to.text }
  if (others.length > 0) {
    const forms = fitting.map(({ database }) => `${database}@${target.word}`)
    return { kind: 'relative-unscoped', target: target.text, forms }
  }
  const [start = 'base', ...more]: readonly Place[] = only.nodes
  if (more.length > 0) {
    const choices = only.nodes.map(({ revision }) => revision.id)
    return { kind: 'relative-ambiguous', database: only.database, target: target.text, choices }
  }
  const place = walk(situation, target, only.database, start, 'stop')
  if (place.kind !== 'found') return place
  return found([{ database: only.database, nodes: place.value === 'base' ? [] : [place.value] }])
}

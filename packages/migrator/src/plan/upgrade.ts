import type { Finding } from './findings.ts'
import { type Found, found } from './found.ts'
import { needsOf, type RevisionNode } from './graph.ts'
import { inEachHistory, type Resolved, resolveTarget } from './resolve.ts'
import { makeSituation, type Situation } from './situation.ts'
import { sortNewestFirst } from './sort.ts'
import type { DatabaseState } from './state.ts'
import type { Plan, UpgradeStep } from './step.ts'
import { type RevisionTarget, toHead } from './target.ts'
import { unknownDatabases } from './unknown-databases.ts'

/**
 * Plans the way up to some targets: all that they need and that isn't applied, in other selected databases
 * too. Pure, and linear in the number of revisions.
 *
 * Steps and their order are those of Alembic's `RevisionMap` over all histories, with these differences:
 * - `head` means the head of each selected history, where Alembic wants a single one over all.
 * - `NAME@heads` is no error when one of these heads depends on another.
 * - A dependency in a database that isn't selected blocks the plan; Alembic knows no such limit.
 * - `+N` is refused while several databases are selected; Alembic counts in the one that has a table row.
 * - What is applied is known revision by revision. Where Prisma left a gap in a history, it is filled.
 *
 * @param states every database whose state is known, in the catalog's order
 * @param selected names of those that may be changed; the others only answer for dependencies
 * @param catalog names of all databases there are; without them, any name may be that of a database
 */
export function planUpgrade(
  states: readonly DatabaseState[],
  selected: ReadonlySet<string>,
  targets: readonly RevisionTarget[] = [toHead],
  catalog: readonly string[] = [],
): Plan {
  const situation = makeSituation(states, selected)
  if (situation.graph.findings.length > 0) return { kind: 'blocked', findings: situation.graph.findings }
  const resolved = targets
    .flatMap((target) => inEachHistory(situation, target))
    .map((target) => resolveUpgrade(situation, target))
  const unresolved = resolved.filter((each) => each.kind !== 'found')
  if (unresolved.length > 0) return { kind: 'blocked', findings: unresolved }
  const goals = resolved.flatMap((each) => (each.kind === 'found' ? each.value : []))
  const { pending, unmet } = collect(
    situation,
    goals.flatMap(({ nodes }) => nodes),
    catalog,
  )
  const concerned = new Set([
    ...goals.map(({ database }) => database),
    ...[...pending].map(({ revision }) => revision.database),
  ])
  const findings = [
    ...states
      .filter(({ database }) => concerned.has(database))
      .flatMap((state) => state.findings.filter(({ kind }) => kind !== 'half-applied')),
    ...unmet,
  ]
  if (findings.length > 0) return { kind: 'blocked', findings }
  return { kind: 'steps', steps: sortNewestFirst(pending).toReversed().map(makeStep) }
}

/** Steps from where the database stands only go up, and an upgrade goes to a revision. */
function resolveUpgrade(situation: Situation, target: RevisionTarget): Found<readonly Resolved[]> {
  const { text, anchor, steps } = target
  if (!anchor && steps !== undefined && steps < 0)
    return { kind: 'relative-direction', target: text, way: 'up' }
  const resolved = resolveTarget(situation, target)
  if (resolved.kind !== 'found' || steps === undefined) return resolved
  const atBase = resolved.value.find(({ nodes }) => nodes.length === 0)
  if (!atBase) return found(resolved.value)
  const from = anchor?.kind === 'revision' ? anchor.id : (anchor?.kind ?? 'current')
  const available = Math.max(0, Math.abs(steps) - 1)
  return { kind: 'relative-too-far', database: atBase.database, target: text, from, available }
}

/** All that isn't applied below the goals. */
function collect(
  { applied, selected }: Situation,
  goals: readonly RevisionNode[],
  catalog: readonly string[],
) {
  const mayChange = new Set(selected)
  const pending = new Set<RevisionNode>()
  const unmet: Finding[] = []
  const seen = new Set(goals)
  for (const node of seen) {
    if (!applied.has(node)) {
      pending.add(node)
      unmet.push(...unknownNeeds(node, catalog))
    }
    for (const need of node.needs) {
      const elsewhere = need.revision.database !== node.revision.database
      // What an applied revision needs of another database was there when it was applied.
      if (elsewhere && (applied.has(need) || applied.has(node))) continue
      if (mayChange.has(need.revision.database)) seen.add(need)
      else unmet.push(dependencyUnmet(node, need.ref))
    }
  }
  return { pending, unmet }
}

/** Needs in databases of which nothing is known. */
function unknownNeeds(node: RevisionNode, catalog: readonly string[]): readonly Finding[] {
  if (node.needs.length === node.revision.parents.length + node.revision.dependsOn.length) return []
  const known = new Set(node.needs.map(({ ref }) => ref))
  const strangers = unknownDatabases([node.revision], catalog)
  if (strangers.length > 0) return strangers
  return needsOf(node.revision)
    .filter((ref) => !known.has(ref))
    .map((ref) => dependencyUnmet(node, ref))
}

const dependencyUnmet = ({ revision }: RevisionNode, needs: string): Finding => ({
  kind: 'dependency-unmet',
  database: revision.database,
  revision: revision.name,
  needs,
})

const makeStep = ({ revision, needs }: RevisionNode): UpgradeStep => ({
  kind: 'upgrade',
  database: revision.database,
  revision,
  needs: needs.map(({ ref }) => ref),
})

import { formatRef, type History } from '../history/revision.ts'
import type { LedgerRow } from '../ledger/ledger.ts'
import type { Finding } from './findings.ts'
import { type Found, found } from './found.ts'
import type { RevisionNode } from './graph.ts'
import { everythingAbove, parentsOf, reach } from './reach.ts'
import { type Resolved, resolveTarget } from './resolve.ts'
import { baseNodes, makeSituation, type Situation } from './situation.ts'
import { sortNewestFirst } from './sort.ts'
import type { DatabaseState } from './state.ts'
import type { DowngradeStep, Plan } from './step.ts'
import type { RevisionTarget } from './target.ts'

export interface DowngradeOptions {
  /** Undoes what other selected databases have applied on top, too. */
  readonly cascade?: boolean
  /** Histories whose ledgers can't be read; what may be applied there and would be left hanging blocks the plan. */
  readonly unknown?: readonly History[]
}

/**
 * Plans the way back to a target: what is applied above it goes, newest first. Pure, and linear in the number
 * of revisions.
 *
 * With `cascade`, steps and their order are those of Alembic's `RevisionMap` over all histories, with these
 * differences:
 * - Alembic always cascades. Without `cascade`, what another database has applied on top blocks the plan.
 * - A step back from several current revisions is refused; Alembic takes one of them and warns.
 * - `-N` and `NAME@-N` past a branch point undo the branch in which the database stands. Alembic refuses the
 *   second of these when the label is that of a base.
 * - `REV-N` that ends at base means that history alone; Alembic goes back to base everywhere.
 * - A target at which the database stands already is nothing to do, even if another database's revisions
 *   depend on it.
 */
export function planDowngrade(
  states: readonly DatabaseState[],
  selected: ReadonlySet<string>,
  target: RevisionTarget,
  options: DowngradeOptions = {},
): Plan {
  const situation = makeSituation(states, selected)
  if (situation.graph.findings.length > 0) return { kind: 'blocked', findings: situation.graph.findings }
  const resolved = resolveDowngrade(situation, target)
  if (resolved.kind !== 'found') return { kind: 'blocked', findings: [resolved] }
  const roots = resolved.value.flatMap((each) => rootsOf(situation, each))
  const above = reach(roots, everythingAbove)
  const undone = new Set([...above].filter((node) => situation.applied.has(node)))
  const meant = new Set(resolved.value.map(({ database }) => database))
  const mayGo = options.cascade ? selected : meant
  const concerned = new Set([...meant, ...[...undone].map(({ revision }) => revision.database)])
  const findings = [
    ...states
      .filter(({ database }) => concerned.has(database))
      .flatMap((state) => state.findings.filter(({ kind }) => kind !== 'half-undone')),
    ...dependentsApplied(undone, mayGo),
    ...dependentsUnknown(undone, options.unknown ?? []),
  ]
  if (findings.length > 0) return { kind: 'blocked', findings }
  return { kind: 'steps', steps: makeSteps(states, undone) }
}

/** Steps from where the database stands only go down, and what is gone back to must be applied. */
function resolveDowngrade(situation: Situation, target: RevisionTarget): Found<readonly Resolved[]> {
  const { text, anchor, steps } = target
  if (!anchor && steps !== undefined && steps > 0) {
    return { kind: 'relative-direction', target: text, way: 'down' }
  }
  const resolved = resolveTarget(situation, target)
  if (resolved.kind !== 'found') return resolved
  for (const { database, nodes } of resolved.value) {
    const absent = nodes.find((node) => !situation.applied.has(node))
    if (absent) return { kind: 'not-applied', database, target: text, revision: absent.revision.id }
  }
  return found(resolved.value)
}

/** The lowest revisions to undo, before looking at what is applied. */
function rootsOf(situation: Situation, { database, nodes, standpoint }: Resolved): readonly RevisionNode[] {
  const above = nodes.length > 0 ? nodes.flatMap(({ children }) => children) : baseNodes(situation, database)
  if (standpoint === undefined || standpoint === 'base') return above
  const line = reach([standpoint], parentsOf)
  return above.filter((node) => line.has(node))
}

function dependentsApplied(undone: ReadonlySet<RevisionNode>, mayGo: ReadonlySet<string>): Finding[] {
  const stays = ({ revision }: RevisionNode) => !mayGo.has(revision.database)
  return sortNewestFirst(undone)
    .filter((node) => !stays(node))
    .flatMap((node) => {
      const dependents = node.neededBy.filter((above) => undone.has(above) && stays(above))
      return dependents.length === 0
        ? []
        : [dependentFinding('dependent-applied', node, dependents.map(refOfNode))]
    })
}

function dependentsUnknown(undone: ReadonlySet<RevisionNode>, unknown: readonly History[]): Finding[] {
  const dependents = new Map<string, string[]>()
  for (const { database, id, dependsOn } of unknown.flatMap(({ revisions }) => revisions)) {
    for (const need of dependsOn.map(formatRef)) {
      dependents.set(need, [...(dependents.get(need) ?? []), formatRef({ database, id })])
    }
  }
  return [...undone].flatMap((node) => {
    const refs = dependents.get(node.ref)
    return refs ? [dependentFinding('dependent-unknown', node, refs)] : []
  })
}

const refOfNode = ({ ref }: RevisionNode): string => ref

const dependentFinding = (
  kind: 'dependent-applied' | 'dependent-unknown',
  { revision }: RevisionNode,
  dependents: readonly string[],
): Finding => ({ kind, database: revision.database, revision: revision.name, dependents })

function makeSteps(
  states: readonly DatabaseState[],
  undone: ReadonlySet<RevisionNode>,
): readonly DowngradeStep[] {
  const rows = new Map(states.map(({ database, ledger }) => [database, rowsByName(ledger.applied)]))
  return sortNewestFirst(undone).map((node) => {
    const { database, name } = node.revision
    const row = rows.get(database)?.get(name)
    if (!row) throw new Error(`${node.ref} is applied and has no ledger row`)
    const needs = node.neededBy.filter((above) => undone.has(above)).map(refOfNode)
    return { kind: 'downgrade', database, revision: node.revision, row, needs }
  })
}

const rowsByName = (rows: readonly LedgerRow[]) => new Map(rows.map((row) => [row.name, row]))

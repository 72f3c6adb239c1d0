import type { Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'
import { headsOf, makeGraph, needsOf, refOf } from './graph.ts'
import type { DatabaseState } from './state.ts'
import type { Step, UpgradeStep } from './step.ts'

/** The steps over all databases in one order that is right, or why there are none. */
export type Plan =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'blocked'; readonly findings: readonly Finding[] }

/**
 * Plans the way to head. Pure.
 *
 * @param states every database whose state is known, in the catalog's order
 * @param selected names of those that may be changed; the others only answer for dependencies
 */
export function planUpgrade(states: readonly DatabaseState[], selected: ReadonlySet<string>): Plan {
  const graph = makeGraph(states.map(({ history }) => history))
  const chosen = states.filter(({ database }) => selected.has(database))
  const applied = new Set(states.flatMap((state) => state.applied.map(refOf)))
  const pending = graph.order.filter(
    (revision) => selected.has(revision.database) && !applied.has(refOf(revision)),
  )
  const findings = [
    ...graph.findings,
    ...chosen.flatMap((state) => [...state.findings, ...severalHeads(state)]),
    ...unmet(pending, applied),
  ]
  if (findings.length > 0) return { kind: 'blocked', findings }
  return { kind: 'steps', steps: pending.map(makeStep) }
}

const makeStep = (revision: Revision): UpgradeStep => ({
  kind: 'upgrade',
  database: revision.database,
  revision,
  needs: needsOf(revision),
})

function severalHeads({ database, history }: DatabaseState): Finding[] {
  const heads = headsOf(history.revisions)
  return heads.length > 1 ? [{ kind: 'multiple-heads', database, heads }] : []
}

function unmet(pending: readonly Revision[], applied: ReadonlySet<string>): Finding[] {
  const planned = new Set(pending.map(refOf))
  return pending.flatMap((revision) =>
    revision.dependsOn
      .map(({ database, id }) => `${database}@${id}`)
      .filter((need) => !applied.has(need) && !planned.has(need))
      .map((needs) => ({
        kind: 'dependency-unmet' as const,
        database: revision.database,
        revision: revision.name,
        needs,
      })),
  )
}

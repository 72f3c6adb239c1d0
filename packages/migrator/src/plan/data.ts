import { formatRef, type Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'
import type { DatabaseState } from './state.ts'
import { type DataStep, keyOf, type Plan, type Step, type UpgradeStep } from './step.ts'

/** What is known of a revision's data migration. */
export interface DataFact {
  readonly hasData: boolean
  /** Nothing is left to do; also when the revision isn't for this environment. */
  readonly complete: boolean
  /** Ids of the same history. */
  readonly requires: readonly string[]
}

/** By `database@id`; a revision that isn't there has no data migration and needs none. */
export type DataFacts = ReadonlyMap<string, DataFact>

/**
 * Puts data migrations into a plan of upgrades, each right after its own revision's step, since the schema is then
 * the one it was written for. Pure.
 *
 * A history that begins at base gets all of them: a new database has no rows of the application, so they cost
 * nothing, and whoever makes one needs no second command. A database with rows gets them only `withData`: a
 * backfill may take hours, and is to run after the deploy. A revision whose `requiresData` is then not complete
 * blocks the plan.
 */
export function placeData(
  plan: Plan,
  states: readonly DatabaseState[],
  facts: DataFacts,
  { withData }: { readonly withData: boolean },
): Plan {
  if (plan.kind === 'blocked') return plan
  const fresh = new Set(states.filter(({ applied }) => applied.length === 0).map(({ database }) => database))
  const isToRun = (revision: Revision) => {
    const fact = facts.get(formatRef(revision))
    return fact?.hasData === true && !fact.complete && (withData || fresh.has(revision.database))
  }
  const overdue = withData ? states.flatMap(({ applied }) => applied.filter(isToRun)).map(dataStep) : []
  const steps = [
    ...overdue,
    ...plan.steps.flatMap((step): readonly Step[] =>
      step.kind === 'upgrade' && isToRun(step.revision)
        ? [step, { ...dataStep(step.revision), needs: [keyOf(step)] }]
        : [step],
    ),
  ]
  const findings = unmet(steps, states, facts)
  return findings.length > 0 ? { kind: 'blocked', findings } : { kind: 'steps', steps }
}

const dataStep = (revision: Revision): DataStep => ({
  kind: 'data',
  database: revision.database,
  revision,
  needs: [],
})

/** Requirements that neither what is complete nor an earlier step fulfils. */
function unmet(
  steps: readonly Step[],
  states: readonly DatabaseState[],
  facts: DataFacts,
): readonly Finding[] {
  const done = new Set<string>()
  return steps.flatMap((step) => {
    const findings = step.kind === 'upgrade' ? unmetOf(step, states, facts, done) : []
    done.add(keyOf(step))
    return findings
  })
}

function unmetOf(
  { database, revision }: UpgradeStep,
  states: readonly DatabaseState[],
  facts: DataFacts,
  done: ReadonlySet<string>,
): readonly Finding[] {
  const state = states.find((each) => each.database === database)
  const at = { database, revision: revision.name }
  const { requires = [] } = facts.get(formatRef(revision)) ?? {}
  return requires.flatMap((needs): readonly Finding[] => {
    const needed = state?.history.revisions.find(({ id }) => id === needs)
    if (!needed) return [{ kind: 'data-unknown', ...at, needs, problem: 'there is no such revision' }]
    const fact = facts.get(formatRef(needed))
    if (!fact?.hasData) return [{ kind: 'data-unknown', ...at, needs, problem: 'that revision has none' }]
    if (done.has(`data of ${formatRef(needed)}`)) return []
    const applied = state?.applied.includes(needed) === true
    const skipped = fact.complete && (applied || done.has(formatRef(needed)))
    return skipped ? [] : [{ kind: 'data-incomplete', ...at, needs, applied }]
  })
}

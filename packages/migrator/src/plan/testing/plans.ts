import { explainFinding } from '../findings.ts'
import { refOf } from '../graph.ts'
import type { Plan } from '../plan.ts'
import { planDowngrade, planUpgrade } from '../plan.ts'
import type { DatabaseState } from '../state.ts'
import { parseTarget, type RevisionTarget } from '../target.ts'

/** Plans for words as they are typed; the databases have no labels. */

export const target = (word: string): RevisionTarget => parseTarget(word, (name) => name)

const allOf = (states: readonly DatabaseState[]): readonly string[] => states.map(({ database }) => database)

export const up = (
  states: readonly DatabaseState[],
  words: readonly string[],
  only: readonly string[] = allOf(states),
): Plan => planUpgrade(states, new Set(only), words.map(target))

export const down = (
  states: readonly DatabaseState[],
  word: string,
  options: Parameters<typeof planDowngrade>[3] & { readonly only?: readonly string[] } = {},
): Plan => planDowngrade(states, new Set(options.only ?? allOf(states)), target(word), options)

/** The steps as `database@id`, or what the findings say. */
export const outcomeOf = (plan: Plan): readonly string[] =>
  plan.kind === 'steps'
    ? plan.steps.map(({ revision }) => refOf(revision))
    : plan.findings.map((finding) => `${finding.kind}: ${explainFinding(finding).what}`)

import type { Deviation } from './compare.ts'
import type { Action, Scenario } from './scenario.ts'

/** One way in which a step ends otherwise than with a native key. */
export interface Case extends Deviation {
  /** Whether it takes a race, so that it doesn't happen every time. */
  readonly races?: true
}

/** A difference from a native foreign key that has to be, and why. */
export interface Difference {
  readonly name: string
  readonly why: string
  /** By default any. */
  readonly actions?: readonly Action[]
  /** The scenarios that it belongs to, by name; by default all that are not named by another difference. */
  readonly scenarios?: readonly string[]
  readonly cases: readonly Case[]
}

type Where = { readonly scenario: Pick<Scenario, 'name'>; readonly action: Action }

/** The differences that a deviation is a case of: one, unless somebody has to look at it. */
export const differencesOf = (
  differences: readonly Difference[],
  deviation: Deviation,
  { scenario, action }: Where,
): readonly Difference[] => {
  const cases = differences.filter(
    (difference) =>
      (difference.actions ?? [action]).includes(action) &&
      (difference.scenarios ?? [scenario.name]).includes(scenario.name) &&
      difference.cases.some((one) => isSame(one, deviation)),
  )
  const own = cases.filter(({ scenarios }) => scenarios !== undefined)
  return own.length > 0 ? own : cases
}

export const isSame = (a: Deviation, b: Deviation): boolean =>
  a.at === b.at && a.native === b.native && a.here === b.here

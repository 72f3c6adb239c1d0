import type { Contents, Ending, Outcome, Run } from './outcome.ts'
import { renderOutcome } from './outcome.ts'
import type { Order } from './scenario.ts'
import type { Verb } from './steps.ts'

/** One respect in which two runs of the same order differ: a step, or what is there before or after the sweep. */
export interface Deviation {
  readonly at: Verb | 'rows at once' | 'rows in the end'
  readonly native: string
  readonly here: string
}

/** A native key leaves nothing to be done later. */
const afterTheSweep: Deviation = { at: 'rows at once', native: 'as in the end', here: 'until the sweep' }

/**
 * Compares two runs step by step, and in what they leave behind. What a session does after it has failed on one side only
 * follows from that, and so does what is left behind when a step had another effect.
 */
export function compareRuns(order: Order, native: Run, here: Run): readonly Deviation[] {
  const steps = order.flatMap(({ turn }) => turn)
  const differing = steps.flatMap((step, i): readonly Deviation[] => {
    const [theirs, ours] = [native.outcomes[i], here.outcomes[i]]
    if (!theirs || !ours) throw new TypeError('a run has an outcome for every step')
    if (theirs.ending === 'skipped' || ours.ending === 'skipped' || isSame(theirs, ours)) return []
    return [{ at: step.verb, native: renderOutcome(theirs), here: renderOutcome(ours) }]
  })
  const hasSameEffect = steps.every((_, i) => effectOf(native.outcomes[i]) === effectOf(here.outcomes[i]))
  return [
    ...differing,
    ...(isEqual(here.atOnce, here.inTheEnd) ? [] : [afterTheSweep]),
    ...(hasSameEffect && !isEqual(native.inTheEnd, here.inTheEnd)
      ? [{ at: 'rows in the end', native: show(native.inTheEnd), here: show(here.inTheEnd) } as const]
      : []),
  ]
}

const isSame = (a: Outcome, b: Outcome): boolean => a.waited === b.waited && a.ending === b.ending

const effectOf = (outcome: Outcome | undefined): Ending | 'failed' | undefined =>
  outcome?.ending === 'done' || outcome?.ending === 'nothing' ? outcome.ending : outcome && 'failed'

const show = (contents: Contents): string => JSON.stringify(contents)
const isEqual = (a: Contents, b: Contents): boolean => show(a) === show(b)

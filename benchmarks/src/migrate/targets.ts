import type { Contestant } from './contestant.ts'
import type { Figures } from './figures.ts'
import type { Case } from './rounds.ts'

/** What our command may cost: the median ratio to the floor, held against the harder floor of its group. */
export interface Target {
  readonly case: Case
  readonly quantity: 'time' | 'memory'
  readonly atMost: number
}

const targets: readonly Target[] = [
  { case: 'empty-to-head', quantity: 'time', atMost: 1.15 },
  { case: 'nothing-to-do', quantity: 'time', atMost: 1.15 },
  { case: 'head-to-base', quantity: 'time', atMost: 1.15 },
  { case: 'empty-to-head', quantity: 'memory', atMost: 1.5 },
  { case: 'nothing-to-do', quantity: 'memory', atMost: 1.5 },
  { case: 'head-to-base', quantity: 'memory', atMost: 1.5 },
]

/** `not-judged`: our command or its floors took no part, or memory can't be measured. */
export interface Verdict {
  readonly target: Target
  readonly contestant: Contestant
  readonly kind: 'met' | 'missed' | 'not-judged'
  readonly ratio: number | undefined
}

/** Judges our commands, each against the floors of its group. */
export const judge = (ours: readonly Contestant[], figures: readonly Figures[]): readonly Verdict[] =>
  ours.flatMap((contestant) => targets.map((target) => verdictOn(target, contestant, figures)))

function verdictOn(target: Target, contestant: Contestant, all: readonly Figures[]): Verdict {
  const figures = all.find((one) => one.case === target.case && one.contestant.key === contestant.key)
  const ratios = Object.values(figures?.[target.quantity]?.ratios ?? {}).map(({ median }) => median)
  if (ratios.length === 0) return { target, contestant, kind: 'not-judged', ratio: undefined }
  const ratio = Math.max(...ratios)
  return { target, contestant, kind: ratio <= target.atMost ? 'met' : 'missed', ratio }
}

import { pairRatios, type Summary, summarize } from '../statistics.ts'
import type { Run } from './measure.ts'
import { longer, type Runs, shared } from './rounds.ts'

/** What a planner's runs on one history come to, in milliseconds of processor time. */
export interface Cost {
  readonly size: number
  readonly read: Summary
  readonly plan: Summary
  readonly total: Summary
}

export interface Verdict {
  readonly what: string
  readonly kind: 'met' | 'missed'
  /** Median of the ratios, pair by pair. */
  readonly ratio: number
  readonly atMost: number
}

export interface Figures {
  readonly alembic: Cost
  readonly ours: readonly Cost[]
  readonly verdicts: readonly Verdict[]
}

const total = ({ read, plan }: Run): number => read + plan
const plan = (run: Run): number => run.plan

const costOf = (size: number, runs: readonly Run[]): Cost => ({
  size,
  read: summarize(runs.map(({ read }) => read)),
  plan: summarize(runs.map(plan)),
  total: summarize(runs.map(total)),
})

/** A history that is ten times as long may cost ten times as much, and a little for what no longer fits in a cache. */
const growthAtMost = 1.2

export function makeFigures({ alembic, ours }: Runs): Figures {
  const [first, last] = [ours.get(shared) ?? [], ours.get(longest) ?? []]
  const verdict = (
    what: string,
    values: readonly number[],
    base: readonly number[],
    atMost: number,
  ): Verdict => {
    const ratio = summarize(pairRatios(values, base)).median
    return { what, kind: ratio <= atMost ? 'met' : 'missed', ratio, atMost }
  }
  const perRevision = (runs: readonly Run[], size: number) => runs.map((run) => total(run) / size)
  return {
    alembic: costOf(shared, alembic),
    ours: [...ours].map(([size, runs]) => costOf(size, runs)),
    verdicts: [
      verdict(`planning ${shared} revisions, ÷ Alembic`, first.map(plan), alembic.map(plan), 1),
      verdict(`reading and planning ${shared} revisions, ÷ Alembic`, first.map(total), alembic.map(total), 1),
      verdict(
        `each of ${longest} revisions, ÷ each of ${shared}`,
        perRevision(last, longest),
        perRevision(first, shared),
        growthAtMost,
      ),
    ],
  }
}

const longest = Math.max(...longer)

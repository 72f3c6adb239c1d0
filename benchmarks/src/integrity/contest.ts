import { pairRatios, summarize } from '../statistics.ts'
import type { Figure } from './part.ts'

/** One way of doing something, measured beside others. */
export interface Contestant {
  readonly key: string
  readonly label: string
  /** The contestant whose time its time is divided by; its own key where others are measured by it. */
  readonly base: string
  /** What the median of the ratio may be at most. */
  readonly atMost?: number
  /** Whatever is no part of the time. */
  prepare?(): Promise<void>
  /** @returns the milliseconds that count */
  run(): Promise<number>
}

export interface ContestOptions {
  readonly rounds: number
  /** Whether a round goes before that isn't counted. */
  readonly warmUp?: boolean
  /** Called before each run, outside of its time. */
  readonly settle?: () => Promise<void>
}

/** Interleaved, every other round backwards: what slows the machine down for a while slows all down. */
export async function hold(
  contestants: readonly Contestant[],
  { rounds, warmUp = false, settle }: ContestOptions,
): Promise<readonly Figure[]> {
  const times = new Map<string, number[]>(contestants.map(({ key }) => [key, []]))
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    note(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
    for (const { key, prepare, run } of round % 2 === 1 ? contestants : contestants.toReversed()) {
      await prepare?.()
      await settle?.()
      const time = await run()
      if (round > 0) times.get(key)?.push(time)
    }
  }
  return contestants.map((contestant) => figureOf(contestant, times))
}

function figureOf(
  { key, label, base, atMost }: Contestant,
  times: ReadonlyMap<string, readonly number[]>,
): Figure {
  const own = times.get(key) ?? []
  return {
    key,
    label,
    time: summarize(own),
    times: own,
    ...(base !== key && { ratio: summarize(pairRatios(own, times.get(base) ?? [])) }),
    ...(atMost !== undefined && { atMost }),
  }
}

/** The milliseconds that it takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

const note = (text: string): void => {
  process.stderr.write(`  ${text}\n`)
}

/** What a series of measurements comes to. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws RangeError for an empty series, of which there is nothing to say */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new RangeError('a summary of no values')
  return { median: middle(sorted), min, max }
}

function middle(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (lower + upper) / 2
}

/**
 * The ratios of two interleaved series, pair by pair: what slowed the machine down for a while slowed both down,
 * so a ratio is steadier than either of its times.
 * @throws RangeError when the series differ in length
 */
export function pairRatios(values: readonly number[], base: readonly number[]): readonly number[] {
  if (values.length !== base.length) throw new RangeError('the series are not pairs')
  return values.map((value, index) => value / (base[index] ?? Number.NaN))
}

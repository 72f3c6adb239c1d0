/** How many rows a transaction may change to take about as long as it should, learnt from how long others took. */
const limits = new WeakMap<object, number>()
/** Rows of the first, and milliseconds: so long may rows be locked that name somebody deleted. */
const [first, goal] = [100_000, 1_000]

/** @param most rows however fast it goes */
export const limitOf = (work: object, most: number): number => Math.min(most, limits.get(work) ?? first)

/** @param milliseconds that changing so many rows has taken */
export function learnPace(work: object, rows: number, milliseconds: number): void {
  const known = limits.get(work) ?? first
  // Few rows say little of many.
  if (rows < known / 4) return
  const fitting = (rows / milliseconds) * goal
  limits.set(work, Math.max(1_000, Math.round(Math.min(fitting, known * 4))))
}

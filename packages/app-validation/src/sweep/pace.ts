/** How many rows a transaction may change to take about as long as it should, learnt from how long others took. */
const limits = new WeakMap<object, number>()
/** Rows of the first, and milliseconds: so long may rows be locked that name somebody deleted. */
const [first, goal] = [250_000, 2_000]
const least = 1_000

/** @param most rows however fast it goes */
export const limitOf = (work: object, most: number): number => Math.min(most, limits.get(work) ?? first)

/** @param milliseconds that changing so many rows has taken */
export function learnPace(work: object, rows: number, milliseconds: number): void {
  const known = limits.get(work) ?? first
  // Few rows say little of many.
  if (rows < known / 4) return
  const fitting = (rows / milliseconds) * goal
  limits.set(work, Math.max(least, Math.round(Math.min(fitting, known * 4))))
}

/** After a transaction that took far too long: the next has a tenth of its rows. */
export function slowDown(work: object, most: number): void {
  limits.set(work, Math.max(least, Math.round(limitOf(work, most) / 10)))
}

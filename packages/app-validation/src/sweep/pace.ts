/** How many ids make a piece of work of a column or of a link, learnt from how many rows they had. */
const sizes = new WeakMap<object, number>()
const [first, greatest] = [100, 2_000]

export const paceOf = (work: object): number => sizes.get(work) ?? first

/** As many ids as have somewhat less than `most` rows, which at once twice as many may turn out to have. */
export function learnPace(work: object, ids: number, rows: number, most: number): void {
  const fitting = Math.floor((most * 0.8) / (rows / ids))
  sizes.set(work, Math.max(1, Math.min(greatest, paceOf(work) * 2, fitting)))
}

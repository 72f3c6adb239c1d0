/** Counts of what happened, by name. */
export interface Tally {
  add(name: string, count?: number): void
  counts(): Readonly<Record<string, number>>
}

export function makeTally(): Tally {
  const counts = new Map<string, number>()
  return {
    add: (name, count = 1) => {
      counts.set(name, (counts.get(name) ?? 0) + count)
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

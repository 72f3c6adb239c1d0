import type { Loaded } from './load.ts'

const scales = { small: 100, medium: 2_000, large: 50_000 } as const

/** As many as a word of `scales` says, or the number itself; nothing when it is neither. */
export function usersOf(scale: string): number | undefined {
  const named = Object.entries(scales).find(([name]) => name === scale)
  if (named) return named[1]
  const users = Number(scale)
  return Number.isSafeInteger(users) && users >= 1 && users <= 10_000_000 ? users : undefined
}

export const scaleNames: readonly string[] = Object.keys(scales)

/** Rows of all databases, and how many there were in a second. */
export function rateOf(loaded: readonly Loaded[]): { readonly rows: number; readonly perSecond: number } {
  const rows = loaded.reduce((sum, each) => sum + each.rows, 0)
  const seconds = Math.max(...loaded.map((each) => each.seconds))
  return { rows, perSecond: Math.round(rows / seconds) }
}

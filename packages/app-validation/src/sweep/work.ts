import type { Deleted } from './apply.ts'

/** Deleted ids that are still to be worked on, by several sessions at once. */
export interface Work {
  /** At most so many ids of one target; undefined when none are left for now. */
  take(size: number): Deleted | undefined
  /** Puts pieces before the rest. */
  giveBack(...pieces: readonly Deleted[]): void
}

export function makeWork(groups: readonly Deleted[]): Work {
  const left = groups.filter(({ ids }) => ids.length > 0)
  return {
    take(size) {
      const piece = left.shift()
      if (!piece || piece.ids.length <= size) return piece
      left.unshift({ ...piece, ids: piece.ids.slice(size) })
      return { ...piece, ids: piece.ids.slice(0, size) }
    },
    giveBack(...pieces) {
      left.unshift(...pieces.filter(({ ids }) => ids.length > 0))
    },
  }
}

/** Two halves of a piece, and nothing of a single id. */
export function halve(piece: Deleted): readonly Deleted[] {
  const middle = Math.floor(piece.ids.length / 2)
  if (middle === 0) return []
  return [
    { ...piece, ids: piece.ids.slice(0, middle) },
    { ...piece, ids: piece.ids.slice(middle) },
  ]
}

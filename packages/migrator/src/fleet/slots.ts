/** A bound on what goes on at once, such as connections. */
export interface Slots {
  /** Waits for a free slot, first come first served, and holds it for as long as the work takes. */
  use<T>(work: () => Promise<T>): Promise<T>
  /** A free slot right now, which is to be given back by calling what is returned. */
  take(): (() => void) | undefined
}

export function makeSlots(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count
  const giveBack = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const take = () => {
    if (free === 0) return undefined
    free -= 1
    return giveBack
  }
  const waitForOne = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    await promise
  }
  return {
    take,
    use: async (work) => {
      if (take() === undefined) await waitForOne()
      try {
        return await work()
      } finally {
        giveBack()
      }
    },
  }
}

/** Wakes a loop that waits; a ring while it works is heard when it waits again. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, after so many milliseconds, or when the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

export function makeBell(): Bell {
  let rung = false
  let answer = () => {}
  return {
    ring: () => {
      rung = true
      answer()
    },
    wait: async (milliseconds, signal) => {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          answer = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', answer, { once: true })
        }).finally(() => signal.removeEventListener('abort', answer))
      }
      rung = false
      answer = () => {}
    },
  }
}

/** Answers that must not differ come at whole multiples of this many milliseconds. */
const beat = 250

/** Begins to count. @returns waits for the next beat, so that what was done meanwhile doesn't show by its time */
export function startBeat(): () => Promise<void> {
  const started = performance.now()
  return async () => {
    const elapsed = performance.now() - started
    await new Promise<void>((resolve) => setTimeout(resolve, beat - (elapsed % beat)))
  }
}

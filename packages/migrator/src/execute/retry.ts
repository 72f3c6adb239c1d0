import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '@manybase/failure'

/** lock_not_available, and deadlock_detected: the other ways out are the same. */
const lockErrors = ['55P03', '40P01']

/** Whether PostgreSQL gave up waiting for another session, so that the same thing may work a moment later. */
export const isLockError = (error: unknown): boolean => lockErrors.includes(errorCode(error) ?? '')

/** Pauses grow from this to that, in milliseconds, and are drawn from half to one and a half of that. */
const [firstPause, longestPause] = [200, 5000]

export interface Retry {
  readonly attempt: number
  readonly pause: number
}

/**
 * Tries until it works, for as long as another session is what hinders it. Between attempts nothing is held, so
 * that the traffic gets through.
 * @param forMilliseconds altogether; the last error is thrown when the next pause would go past it
 */
export async function retryWhileLocked<T>(
  attempt: () => Promise<T>,
  mayRetry: (error: unknown) => boolean,
  forMilliseconds: number,
  onRetry?: (retry: Retry) => void,
): Promise<T> {
  const deadline = performance.now() + forMilliseconds
  for (let number = 1, base = firstPause; ; number++, base = Math.min(base * 1.6, longestPause)) {
    try {
      return await attempt()
    } catch (error) {
      const pause = base * (0.5 + Math.random())
      if (!mayRetry(error) || performance.now() + pause > deadline) throw error
      onRetry?.({ attempt: number, pause })
      await sleep(pause)
    }
  }
}

import type { Holder } from '../sweep/barrier.ts'

export interface DeleteOptions {
  /** Milliseconds for which others are waited for, all in all; 10 seconds by default. */
  readonly timeout?: number
  /** Milliseconds between looks at them. */
  readonly interval?: number
  /** Calls the decision off. A deletion that has begun is finished. */
  readonly signal?: AbortSignal
  /** Told again and again whom it waits for. */
  readonly onWait?: (holders: readonly Holder[]) => void
}

/** For how long one deletion waits for others. */
export interface Patience {
  /** Milliseconds that it had at first, and that are left. */
  readonly limit: number
  left(): number
  /** Ends the waiting: the time is over, or the caller has called it off. */
  readonly signal: AbortSignal
  /** Whether it was the time. */
  isOver(): boolean
  readonly interval: number
  readonly onWait: (holders: readonly Holder[]) => void
}

export function makePatience({
  timeout = 10_000,
  interval = 20,
  signal,
  onWait = () => {},
}: DeleteOptions = {}): Patience {
  const end = performance.now() + timeout
  const time = AbortSignal.timeout(timeout)
  return {
    limit: timeout,
    left: () => Math.max(0, end - performance.now()),
    signal: AbortSignal.any([time, ...(signal ? [signal] : [])]),
    isOver: () => time.aborted && signal?.aborted !== true,
    interval,
    onWait,
  }
}

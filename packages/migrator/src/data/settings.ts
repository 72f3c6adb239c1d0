import type { Limits } from './throttle.ts'

/** How data migrations are run. Times are milliseconds. */
export interface DataSettings extends Limits {
  /** How long a batch is to take; `defaultBatchTime` when unset. */
  readonly batchTime?: number
  /** How many rows the first batch takes; it is `firstBatchSize` when unset, or what an earlier run came to. */
  readonly batchSize?: number
  /** Seconds to wait for another run; 0 when unset. */
  readonly waitSeconds?: number
  /** Forgets what was done, and begins at the beginning. */
  readonly anew?: boolean
}

/** How far a run is, after a batch. */
export interface DataReport {
  /** In all runs together. */
  readonly rows: number
  /** About how many there were at the beginning; null when nobody knows, or when it was too few. */
  readonly total: number | null
  /** Rows a second, of this run. */
  readonly rate: number
  /** Until the estimated end. */
  readonly millisecondsLeft: number | null
  /** Of the next batch. */
  readonly size: number
}

/** What happens on the way through a data migration. */
export interface DataHooks {
  readonly onBatch?: (report: DataReport) => void
  /** It makes way for something, or waits for another run. */
  readonly onWait?: (reason: string) => void
  /** A batch didn't get its locks; a smaller one is tried after the pause. */
  readonly onRetry?: (retry: { readonly attempt: number; readonly pause: number }) => void
  readonly onRemark?: (remark: string) => void
}

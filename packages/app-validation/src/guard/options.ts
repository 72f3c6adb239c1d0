import type { ReferencedDatabaseUnavailable } from '../violations/referenced-database-unavailable.ts'

/**
 * `locked`: the named rows are locked in their database until the write is committed, as a foreign key does it.
 * `checked`: they are only looked up before the write; a row that is deleted in between stays an orphan until the sweep.
 * `off`: nothing is looked up; only the fence refuses, and only what was deleted.
 */
export type GuardMode = 'locked' | 'checked' | 'off'

/** What one call may say otherwise than its client. */
export interface CallOptions {
  readonly mode?: GuardMode
  /**
   * `refuse`: while the referenced database can't be reached, writes that name its rows fail, retryably. `pass`: they
   * are written unchecked, and left to the fence and the scan.
   */
  readonly onUnavailable?: 'refuse' | 'pass'
}

/** All times are in milliseconds. */
export interface GuardOptions extends CallOptions {
  readonly pool?: {
    /**
     * Connections at most, to each referenced database: so many for single writes and batches, and so many again for
     * interactive transactions. 10 by default.
     */
    readonly size?: number
    /** How long a write waits for a connection, opening one included; 5 seconds by default. */
    readonly maxWait?: number
  }
  /** How long a write waits for somebody who deletes a row that it names; 2 seconds by default. */
  readonly lockTimeout?: number
  /**
   * After how long the referenced database lets the locks of a silent process go, so that one which hangs keeps nobody
   * from being deleted; a minute by default. Longer than any transaction may take.
   */
  readonly holdTimeout?: number
  /** Told of every write that `onUnavailable: 'pass'` let through. */
  readonly onPassed?: (error: ReferencedDatabaseUnavailable) => void
}

/** Every option with its value. */
export interface Settings extends Required<CallOptions> {
  readonly size: number
  readonly maxWait: number
  readonly lockTimeout: number
  readonly holdTimeout: number
  readonly onPassed: (error: ReferencedDatabaseUnavailable) => void
}

export const settingsFrom = (options: GuardOptions): Settings => ({
  mode: options.mode ?? 'locked',
  onUnavailable: options.onUnavailable ?? 'refuse',
  size: options.pool?.size ?? 10,
  maxWait: options.pool?.maxWait ?? 5000,
  lockTimeout: options.lockTimeout ?? 2000,
  holdTimeout: options.holdTimeout ?? 60_000,
  onPassed: options.onPassed ?? (() => {}),
})

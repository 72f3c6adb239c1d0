import type { DataSettings } from '../data/settings.ts'
import type { Slots } from '../fleet/slots.ts'

/** How scripts are run, for all steps of a plan. Times are milliseconds, 0 for none. */
export interface RunSettings {
  /** Decides over revisions that are for some environments only; `development` when unset. */
  readonly environment?: string
  /**
   * How long a statement waits for a lock before its script is rolled back and tried again; a revision's own
   * option when unset, else `defaultLockTimeout`. Scripts without a transaction only know their own option.
   */
  readonly lockTimeout?: number
  /** How long a script is tried again, altogether; else the revision's option, or `defaultLockRetryTime`. */
  readonly lockRetryTime?: number
  /** Sends each statement by itself, so that each is heard of with its time. */
  readonly byStatement?: boolean
  /** Bounds the connections that are opened to see who keeps a script waiting; none when unset. */
  readonly spare?: Pick<Slots, 'take'>
  /** How data migrations are run that belong to the plan. */
  readonly data?: DataSettings
}

export const defaultEnvironment = 'development'
/** Traffic behind a migration that waits for a busy table stands still for as long as this. */
export const defaultLockTimeout = 2000
export const defaultLockRetryTime = 60_000

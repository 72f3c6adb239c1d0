import { recoverIntents } from '../restrict/recover.ts'
import { freezeIfSkewed } from '../skew/skew.ts'
import { type Sessions, takeIn } from './intake.ts'
import type { Link } from './link.ts'
import { mustRun } from './pending.ts'
import { clearPending, closePending, type StageOptions } from './stages.ts'

/** What following the deletions came to. */
export interface Followed {
  /** Deletes taken over from the source; 0 also when another sweeper was taking them. */
  readonly taken: number
  /** Rows deleted or set null in the first pass. */
  readonly rows: number
}

/** What one round came to. */
export interface Round extends Followed {
  /** Deletes that have a receipt now. */
  readonly closed: number
}

/** Takes the deletions over and clears what is visible of them. */
export async function followDeletions(
  sessions: Sessions,
  link: Link,
  options: StageOptions = {},
): Promise<Followed> {
  await freezeIfSkewed(sessions, link)
  await mustRun(sessions.b, link.source)
  const intake = await takeIn(sessions, link)
  if (link.columns.some(({ onDelete }) => onDelete === 'Restrict')) await recoverIntents(sessions, link)
  const rows = await clearPending(sessions.b, link, options)
  return { taken: intake.kind === 'taken' ? intake.tombstones : 0, rows }
}

/**
 * Works off everything that is deleted by now: takes it over, clears it, and closes it behind the barrier. Every
 * part may be repeated, and several sweepers may be at it at once.
 * @throws `sweep.paused`, `sweep.stuck`, `sweep.blind`, and what the driver throws
 */
export async function sweepOnce(sessions: Sessions, link: Link, options: StageOptions = {}): Promise<Round> {
  const followed = await followDeletions(sessions, link, options)
  return { ...followed, closed: await closePending(sessions.b, link, options) }
}

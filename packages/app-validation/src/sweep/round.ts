import { recoverIntents } from '../restrict/recover.ts'
import { freezeIfSkewed, isBehind } from '../skew/skew.ts'
import { type Sessions, takeIn } from './intake.ts'
import type { Link } from './link.ts'
import { mustRun } from './pending.ts'
import { clearPending, closeAtOnce, closePending, type StageOptions } from './stages.ts'

/** What a round came to. */
export interface Round {
  /** Deletes taken over from the source; 0 also when another sweeper was taking them. */
  readonly taken: number
  /** Rows deleted or set null. */
  readonly rows: number
  /** Deletes that have a receipt now. */
  readonly closed: number
}

/** Takes the deletions over and clears what is visible of them, and closes what can be closed at once. */
export async function followDeletions(
  sessions: Sessions,
  link: Link,
  options: StageOptions = {},
): Promise<Round> {
  const acknowledged = await freezeIfSkewed(sessions, link)
  await mustRun(sessions.b, link.source)
  const intake = await takeIn(sessions, link)
  const taken = intake.kind === 'taken' ? intake.tombstones : 0
  if (taken > 0) options.onTaken?.(taken)
  if (intake.kind === 'taken' && isBehind(intake.from, acknowledged)) options.onReplay?.()
  if (link.columns.some(({ onDelete }) => onDelete === 'Restrict')) await recoverIntents(sessions, link)
  const { ids: closed, rows } = await closeAtOnce([sessions.b, ...(sessions.helpers ?? [])], link, options)
  const cleared = await clearPending(sessions.b, link, options)
  return { taken, rows: rows + cleared, closed }
}

/**
 * Works off everything that is deleted by now: takes it over, clears it, and closes it behind the barrier. Every
 * part may be repeated, and several sweepers may be at it at once.
 * @throws `sweep.paused`, `sweep.stuck`, `sweep.blind`, and what the driver throws
 */
export async function sweepOnce(sessions: Sessions, link: Link, options: StageOptions = {}): Promise<Round> {
  const { taken, rows, closed } = await followDeletions(sessions, link, options)
  const late = await closePending(sessions.b, link, options)
  return { taken, rows: rows + late.rows, closed: closed + late.ids }
}

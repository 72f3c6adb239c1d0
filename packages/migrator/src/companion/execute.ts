import { entryOf } from '../catalog/target.ts'
import { type ExecuteOptions, execute, type Outcome } from '../execute/execute.ts'
import type { Job } from '../execute/job.ts'
import type { DatabaseState } from '../plan/state.ts'
import type { Session } from '../server/session.ts'
import type { Attachment } from './attachment.ts'
import { guardWith } from './guard.ts'
import { openWork } from './open.ts'
import { prepare, type Settlement, settle } from './settle.ts'

interface Options extends ExecuteOptions {
  readonly isLocked: (session: Session) => boolean
  readonly readStates: () => Promise<readonly DatabaseState[]>
  readonly onSettled?: (settlement: Settlement) => void
}

/**
 * Runs a plan with a companion: its tables are there before the first script, its triggers before each script commits,
 * and at the end all that is locked is in step, also when a step has failed.
 */
export async function executeWith(
  attachment: Attachment,
  jobs: readonly Job[],
  sessions: readonly Session[],
  { isLocked, readStates, onSettled, ...options }: Options,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly settlements: readonly Settlement[] }> {
  const work = await openWork(attachment)
  const isNew = new Set<Session>()
  for (const session of sessions.filter(isLocked)) {
    const upgraded = jobs.filter(({ step }) => step.kind === 'upgrade').map(({ step }) => step.database)
    const names = session.targets.filter(({ name }) => upgraded.includes(name)).map(entryOf)
    if (await prepare(work, session, names)) isNew.add(session)
  }
  const outcomes = await execute(jobs, sessions, { ...options, guard: guardWith(work) })
  const states = await readStates().catch(() => undefined)
  if (states === undefined) return { outcomes, settlements: [] }
  const settlements: Settlement[] = []
  // One after the other: two sessions may work in the same PostgreSQL database.
  for (const session of sessions.filter(isLocked)) {
    // What failed first is what people are to hear of.
    const settled = await settle(work, session, states, options).catch((error) => {
      if (outcomes.some(({ kind }) => kind === 'failed')) return undefined
      throw error
    })
    if (!settled) continue
    const outcome = settled.outcome === 'in step' && isNew.has(session) ? 'installed' : settled.outcome
    const settlement = { ...settled, outcome }
    settlements.push(settlement)
    onSettled?.(settlement)
  }
  return { outcomes, settlements }
}

import { errorCode } from '@manybase/failure'
import type { CompanionStatement } from '../catalog/define.ts'
import { entryOf, type Target } from '../catalog/target.ts'
import { defaultJobs, mapBounded } from '../fleet/bounded.ts'
import type { DatabaseState } from '../plan/state.ts'
import { databaseMissing } from '../server/failures.ts'
import { openSessions, type Session } from '../server/session.ts'
import { type Attachment, placeOf } from './attachment.ts'
import { readCompanionStates } from './histories.ts'
import { look } from './look.ts'
import { openWork } from './open.ts'

/** Where the companion of a database stands. */
export interface CompanionState {
  readonly database: string
  readonly isInStep: boolean
  /** Revisions of its histories that are applied; none where it isn't installed. */
  readonly applied: readonly string[]
  /** Those that are to be applied. */
  readonly pending: readonly string[]
  /** What brings its triggers and functions in step, on the tables that are there. */
  readonly statements: readonly CompanionStatement[]
}

/** The databases in which a companion has something to do. Only looks. */
export async function findStale(
  attachment: Attachment | undefined,
  targets: readonly Target[],
  states: readonly DatabaseState[],
): Promise<readonly string[]> {
  if (!attachment) return []
  const stale = await mapBounded(targets, defaultJobs, (target) =>
    withSession(target, async (session) => (await look(attachment, [session]))(states)),
  )
  return stale.flatMap((sessions) => sessions ?? []).flatMap(namesOf)
}

/** Where the companion stands in each database, in full. Only looks. */
export async function inspectCompanion(
  attachment: Attachment,
  targets: readonly Target[],
  states: readonly DatabaseState[],
): Promise<readonly CompanionState[]> {
  const work = await openWork(attachment)
  const inspected = await mapBounded(targets, defaultJobs, (target) =>
    withSession(target, async (session): Promise<CompanionState> => {
      const place = placeOf(target)
      const others = attachment.sites.filter((site) => site.place === place).map(({ name }) => name)
      const names = [...new Set([entryOf(target), ...others])]
      const { schema } = attachment.companion
      const taken = names.flatMap((name) => work.installer.histories(name).map((history) => history.name))
      const histories = await readCompanionStates(session, schema, work.installer.known)
      const applied = histories.flatMap(namesOfApplied)
      const wanted = histories.filter((history) => taken.includes(history.database))
      const pending = wanted.flatMap(({ pending }) => pending.map(({ name }) => name))
      const statements = await work.installer.changes(session.client, names)
      // A restore or a script for psql leaves no stamp; what is there counts as well.
      const isComplete =
        applied.length > 0 &&
        applied.length === wanted.flatMap(namesOfApplied).length &&
        pending.length + statements.length === 0
      const isInStep = isComplete || (await look(attachment, [session]))(states).length === 0
      return { database: target.name, isInStep, applied, pending, statements }
    }),
  )
  return inspected.filter((state) => state !== undefined)
}

const namesOfApplied = ({ applied }: DatabaseState): readonly string[] => applied.map(({ name }) => name)

const namesOf = ({ targets }: Session): readonly string[] => targets.map(({ name }) => name)

/** A database that doesn't exist has nothing to look at. */
async function withSession<T>(
  target: Target,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const sessions = await openSessions([target], { create: false }).catch((error) => {
    if (errorCode(error) === databaseMissing.code) return []
    throw error
  })
  const [session] = sessions
  if (!session) return undefined
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

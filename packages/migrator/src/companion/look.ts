import { entryOf } from '../catalog/target.ts'
import type { DatabaseState } from '../plan/state.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import type { Attachment } from './attachment.ts'

/** What a companion has installed in the database of a session: see `Companion.installedStamp`. */
export async function readInstalledStamp(
  { companion }: Attachment,
  { client, targets }: Session,
): Promise<string | null> {
  const [target] = targets
  const { rows } = await client
    .query<{ stamp: string | null }>(`SELECT ${companion.installedStamp} AS stamp`)
    .catch((error) => {
      throw target ? explainServerError(error, target) : error
    })
  return rows[0]?.stamp ?? null
}

/** Says of each session whether the companion has something to do in its database. */
export type Look = (states: readonly DatabaseState[]) => readonly Session[]

/** Asks the databases; called before anything else is awaited, so that the answers are there when they are needed. */
export async function look(attachment: Attachment, sessions: readonly Session[]): Promise<Look> {
  const asked = sessions.map(async (session) => ({
    session,
    installed: await readInstalledStamp(attachment, session),
  }))
  const expected = attachment.companion.stamps(attachment.sites)
  const answers = await Promise.all(asked)
  return (states) =>
    answers
      .filter(({ session, installed }) => installed !== stampFor(session, states, expected))
      .map(({ session }) => session)
}

/** At base nothing has to be there. */
function stampFor(
  { targets }: Session,
  states: readonly DatabaseState[],
  expected: ReadonlyMap<string, string | null>,
): string | null {
  const applied = targets.filter(({ name }) =>
    states.some((state) => state.database === name && state.applied.length > 0),
  )
  return (
    applied.map((target) => expected.get(entryOf(target)) ?? null).find((stamp) => stamp !== null) ?? null
  )
}

import type { Attachment } from '../companion/attachment.ts'
import type { Session } from '../server/session.ts'
import { apply, type Inspection, inspect } from './apply.ts'
import { arrangements } from './arrangement.ts'
import { ownRights } from './compare.ts'
import { type Arrangement, namesIn } from './desired.ts'

/**
 * After a migration: gives the roles their rights on what it has made, once `db roles` has made them. Who owns what, and
 * the database itself, are left to that command.
 */
export async function grantRights(
  attachment: Attachment | undefined,
  sessions: readonly Session[],
): Promise<void> {
  for (const { session, arrangement, inspection } of await inspectArranged(attachment, sessions)) {
    const handover = ownRights(arrangement, inspection.facts)
    await apply(session, { before: [], handover, after: [] }, attachment)
  }
}

/** The statements that rights take in each database whose roles were made; for the others none. */
export async function findRightsToGive(
  attachment: Attachment | undefined,
  sessions: readonly Session[],
): Promise<readonly (readonly string[])[]> {
  const inspected = await inspectArranged(attachment, sessions)
  return sessions.map(
    (session) => inspected.find((each) => each.session === session)?.inspection.changes.rights ?? [],
  )
}

interface Arranged {
  readonly session: Session
  readonly arrangement: Arrangement
  readonly inspection: Inspection
}

async function inspectArranged(
  attachment: Attachment | undefined,
  sessions: readonly Session[],
): Promise<readonly Arranged[]> {
  const arrangementOf = await arrangements(attachment)
  const arranged: Arranged[] = []
  for (const session of sessions) {
    const names = session.targets.map(({ roles }) => roles).find((roles) => roles !== undefined)
    if (!names) continue
    const arrangement = arrangementOf(session, names)
    const inspection = await inspect(session, arrangement)
    if (inspection.facts.roles.length === namesIn(names).length)
      arranged.push({ session, arrangement, inspection })
  }
  return arranged
}

import { errorCode, errorMessage } from '@manybase/failure'
import type { Attachment } from '../companion/attachment.ts'
import { readInstalledStamp } from '../companion/look.ts'
import { explainServerError } from '../server/explain.ts'
import type { Session } from '../server/session.ts'
import { type Changes, compare } from './compare.ts'
import { type Arrangement, namesIn, schemasOf } from './desired.ts'
import type { RightsFacts } from './facts.ts'
import { rolesRefused } from './failures.ts'
import { roleName } from './grant.ts'
import { readRights } from './read.ts'

/** What is there, and what brings it to the arrangement. */
export interface Inspection {
  readonly facts: RightsFacts
  readonly changes: Changes
}

export async function inspect({ client, targets }: Session, arrangement: Arrangement): Promise<Inspection> {
  const { names } = arrangement
  const facts = await readRights(client, schemasOf(arrangement), namesIn(names), names.migrator).catch(
    (error) => {
      const [target] = targets
      throw target ? explainServerError(error, target) : error
    },
  )
  return { facts, changes: compare(arrangement, facts) }
}

/** What is done in one transaction, in this order. */
export interface Steps {
  /** Roles are made, and who isn't a superuser becomes a member of the migrator's for as long as it hands things over. */
  readonly before: readonly string[]
  readonly handover: readonly string[]
  readonly after: readonly string[]
}

/**
 * @param logins statements that let roles log in
 * @param forAnybody of whose rights nothing is known
 */
export function stepsOf(
  { facts: { me, roles }, changes }: Inspection,
  { names: { migrator } }: Pick<Arrangement, 'names'>,
  logins: readonly string[] = [],
  forAnybody = false,
): Steps {
  const handover = [...changes.owners, ...changes.rights]
  const isMine = me.superuser || roles.some(({ name, isMine }) => name === migrator && isMine)
  const isBorrowed = handover.length > 0 && (forAnybody || !isMine)
  const options = me.version >= 16 ? ' WITH INHERIT TRUE, SET TRUE' : ''
  return {
    before: [
      ...changes.missing,
      ...logins,
      ...(isBorrowed ? [`GRANT ${roleName(migrator)} TO CURRENT_USER${options}`] : []),
    ],
    handover,
    after: [
      ...changes.memberships,
      ...(isBorrowed ? [`REVOKE ${roleName(migrator)} FROM CURRENT_USER`] : []),
    ],
  }
}

export const statementsIn = ({ before, handover, after }: Steps): readonly string[] => [
  ...before,
  ...handover,
  ...after,
]

/** Does it all or nothing. @throws `roles.refused`, and what the server throws */
export async function apply(
  session: Session,
  steps: Steps,
  attachment: Attachment | undefined,
): Promise<void> {
  const { client, targets } = session
  if (statementsIn(steps).length === 0) return
  try {
    await client.query('BEGIN')
    // Owners and rights are part of what the stamp looks at, so what was in step has to be stamped anew.
    const stamp = attachment && (await readInstalledStamp(attachment, session))
    const stamping = attachment && stamp ? [attachment.companion.writeStamp(stamp)] : []
    for (const statement of [...steps.before, ...steps.handover, ...stamping, ...steps.after]) {
      await client.query(statement)
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    const [target] = targets
    if (!target || errorCode(error) !== '42501') throw error
    const { user } = target.connection
    throw rolesRefused({ database: target.name, user, message: errorMessage(error) }, error)
  }
}

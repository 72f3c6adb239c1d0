import type { CompanionRights, RoleNames } from '../catalog/define.ts'
import { entryOf } from '../catalog/target.ts'
import { type Attachment, placeOf } from '../companion/attachment.ts'
import { openWork } from '../companion/open.ts'
import type { Session } from '../server/session.ts'
import type { Arrangement } from './desired.ts'

/** Says of each session what the roles are to have in its database. */
export async function arrangements(
  attachment: Attachment | undefined,
): Promise<(session: Pick<Session, 'targets'>, names: RoleNames) => Arrangement> {
  const installer = attachment && (await openWork(attachment)).installer
  const rightsIn = (names: Iterable<string>) =>
    together(installer ? [...names].map((name) => installer.rights(name)) : [])
  const everywhere = rightsIn((attachment?.sites ?? []).map(({ name }) => name))
  return ({ targets }, names) => {
    const places = new Set(targets.map(placeOf))
    const others = (attachment?.sites ?? []).filter(({ place }) => places.has(place))
    const entries = new Set([...targets.map(entryOf), ...others.map(({ name }) => name)])
    const schemas = new Set([
      ...targets.map(({ connection }) => connection.schema),
      ...others.map(({ schema }) => schema),
    ])
    return {
      names,
      schemas: [...schemas],
      companion: attachment?.companion.schema,
      rights: rightsIn(entries),
      memberships: everywhere.memberships,
    }
  }
}

const together = (rights: readonly CompanionRights[]): CompanionRights => ({
  grants: rights.flatMap(({ grants }) => grants),
  memberships: [
    ...new Map(
      rights.flatMap(({ memberships }) => memberships).map((each) => [`${each.role} ${each.of}`, each]),
    ).values(),
  ],
})

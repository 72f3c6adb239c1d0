import { entryOf, type Target } from '../catalog/target.ts'
import { membersTogether } from '../integrity/failures.ts'
import { type Attachment, placeOf } from './attachment.ts'
import { openWork } from './open.ts'

/**
 * Refuses members of one list in one PostgreSQL database, where the companion has something to do in them: each would
 * take the other's triggers for what nobody needs any more.
 * @throws `integrity.members-together`
 */
export async function refuseTogether(attachment: Attachment, targets: readonly Target[]): Promise<void> {
  // The companion is loaded only where there are any.
  if (!findMembersTogether(targets)) return
  const { installer } = await openWork(attachment)
  refuseMembersTogether(targets.filter((target) => installer.histories(entryOf(target)).length > 0))
}

/** Members of one list that lie in one PostgreSQL database. */
function findMembersTogether(targets: readonly Target[]): readonly [Target, ...Target[]] | undefined {
  const members = targets.filter(({ membership }) => membership)
  const groups = Map.groupBy(members, (target) => JSON.stringify([entryOf(target), placeOf(target)])).values()
  for (const [first, ...others] of groups) if (first && others.length > 0) return [first, ...others]
  return undefined
}

/**
 * @param targets databases that take part in references
 * @throws `integrity.members-together`
 */
export function refuseMembersTogether(targets: readonly Target[]): void {
  const crowd = findMembersTogether(targets)
  if (crowd) throw membersTogether({ list: entryOf(crowd[0]), members: crowd.map(({ name }) => name) })
}

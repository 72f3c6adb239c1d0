import { type List, type Membership, memberName } from '../catalog/target.ts'
import type { History, RevisionRef } from './revision.ts'

/** By list, since all members share that object: they are judged by one reading of the files. */
const histories = new WeakMap<List, History>()

/**
 * The history of a list as that of one of its members: a dependency on the list itself, or on another list, means
 * the member of the same name there.
 * @param read reads the list's history from disk; called for the first of its members
 */
export function historyOfMember({ list, member }: Membership, read: () => History): History {
  const history = histories.get(list) ?? read()
  histories.set(list, history)
  const database = memberName(list.name, member)
  const ofMember = (ref: RevisionRef): RevisionRef =>
    list.lists.has(ref.database) ? { ...ref, database: memberName(ref.database, member) } : ref
  const revisions = history.revisions.map((revision) => ({
    ...revision,
    database,
    dependsOn: revision.dependsOn.map(ofMember),
  }))
  return { database, revisions }
}

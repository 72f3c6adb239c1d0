import type { Database } from '../catalog/catalog.ts'
import { isListSource } from '../catalog/sources/source.ts'
import { type List, memberName, type Target } from '../catalog/target.ts'
import { isOfLists, type Unit } from '../fleet/units.ts'
import { readHistory } from '../history/read.ts'
import type { History } from '../history/revision.ts'
import type { DatabaseState } from '../plan/state.ts'
import { inspectStates } from '../workspace.ts'
import { type Context, findPeers } from './context.ts'

/** Where databases stand that a unit's plan needs to know and may not change. */
export interface Peers {
  /** Those of these names that can be asked. */
  states(names: ReadonlySet<string>): Promise<readonly DatabaseState[]>
  /** Those that may depend on a unit; of those that can't be asked the histories. */
  dependents(unit: Unit): Promise<Dependents>
}

export interface Dependents {
  readonly known: readonly DatabaseState[]
  readonly unknown: readonly History[]
}

/**
 * Finds the peers of units. What all units ask for is looked up once, apart from where a lone unit must see it anew
 * under its lock.
 */
export function makePeers(context: Context, units: readonly Unit[]): Peers {
  const { databases } = context.catalog
  const lists = databases.filter(({ source }) => isListSource(source))
  const remember = units.length > 1
  /** A list is located as a whole, so that its members share one reading of its history. */
  const locate = memo((database: Database) => findPeers(context, database))
  const inspectOnce = memo((target: Target) => inspectStates([target]))
  const inspect = async (targets: readonly Target[]): Promise<readonly DatabaseState[]> => {
    const shared = remember ? targets.filter(({ membership }) => !membership) : []
    const others = targets.filter((target) => !shared.includes(target))
    return [...(await Promise.all(shared.map(inspectOnce))).flat(), ...(await inspectStates(others))]
  }

  const ofSingles = async ({ targets }: Unit): Promise<Dependents> => {
    const own = new Set(targets.map(({ name }) => name))
    const concerned = databases.filter(
      (database) => !own.has(database.name) && (!lists.includes(database) || needsSingle(database, lists)),
    )
    const found = await Promise.all(concerned.map(locate))
    const unknown = concerned.filter((_, index) => found[index]?.length === 0)
    return { known: await inspect(found.flat()), unknown: unknown.map(readHistory) }
  }

  const ofMember = async ({ targets }: Unit): Promise<Dependents> => {
    const own = new Set(targets.map((target) => target.membership?.list.name))
    const member = targets[0]?.membership?.member ?? ''
    const concerned = lists.filter(({ name }) => !own.has(name))
    const found = await Promise.all(concerned.map(locate))
    const unknown = concerned.filter((_, index) => found[index]?.length === 0)
    return {
      known: await inspect(found.flat().filter(({ membership }) => membership?.member === member)),
      unknown: unknown.map((database) => readHistory(asMember(database, member, lists))),
    }
  }

  return {
    states: async (names) => {
      const entries = new Set([...names].map((name) => name.split('/')[0]))
      const found = await Promise.all(databases.filter(({ name }) => entries.has(name)).map(locate))
      return await inspect(found.flat().filter(({ name }) => names.has(name)))
    },
    dependents: (unit) => (isOfLists(unit) ? ofMember(unit) : ofSingles(unit)),
  }
}

function memo<K, T>(work: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const known = new Map<K, Promise<T>>()
  return (key) => {
    const result = known.get(key) ?? work(key)
    known.set(key, result)
    return result
  }
}

/** Whether a revision of a list depends on a single database. */
function needsSingle(list: Database, lists: readonly Database[]): boolean {
  const names = new Set(lists.map(({ name }) => name))
  return readHistory(list).revisions.some(({ dependsOn }) =>
    dependsOn.some(({ database }) => !names.has(database)),
  )
}

function asMember(database: Database, member: string, lists: readonly Database[]) {
  const list: List = { name: database.name, lists: new Set(lists.map(({ name }) => name)) }
  return { ...database, name: memberName(database.name, member), membership: { list, member } }
}

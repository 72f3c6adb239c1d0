import { descriptionOf } from '../databases/database.ts'
import type { ReferencedDatabase } from './database.ts'
import type { Settings } from './options.ts'
import { openPools, type Pools } from './pool.ts'

/** Gives the pools of a referenced database, and opens them at first. */
export type PoolsOf = (database: string) => Pools

/** The referenced databases that a guard was given, with the connections to them. */
export interface ReferencedDatabases {
  readonly names: ReadonlySet<string>
  readonly poolsOf: PoolsOf
  /** Ends all connections; the next use opens others. */
  end(): Promise<void>
}

export function referencedDatabases(
  given: Readonly<Record<string, ReferencedDatabase>>,
  settings: Settings,
): ReferencedDatabases {
  const databases = new Map(
    Object.values(given)
      .map(descriptionOf)
      .map((one) => [one.name, one]),
  )
  const open = new Map<string, Pools>()
  return {
    names: new Set(databases.keys()),
    poolsOf(name) {
      const opened = open.get(name)
      if (opened) return opened
      const database = databases.get(name)
      if (!database) throw new TypeError(`${name} is not among the databases that were given.`)
      const pools = openPools(database, settings)
      open.set(name, pools)
      return pools
    },
    async end() {
      const pools = [...open.values()]
      open.clear()
      await Promise.all(pools.map((one) => one.end()))
    },
  }
}

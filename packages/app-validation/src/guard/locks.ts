import type { NamedValue, TargetedValue } from '../violations/named-value.ts'
import { findMissing } from './ask.ts'
import { explained } from './explain.ts'
import { Hold } from './hold.ts'
import type { Settings } from './options.ts'
import { beginStatements, sendOn } from './pool.ts'
import type { PoolsOf } from './referenced-databases.ts'

export type Role = 'outer' | 'inner'

/** What a write, or a transaction of writes, holds in all referenced databases. */
export interface Locks {
  /** Locks what is named. @returns the values that name no row */
  lock(named: readonly NamedValue[]): Promise<readonly NamedValue[]>
  /** @returns the values whose rows are gone @throws `ReferencedDatabaseUnavailable` when the rows are no longer held */
  confirm(): Promise<readonly NamedValue[]>
  /** Lets everything go, in the background. */
  end(): void
}

export function makeLocks(poolsOf: PoolsOf, role: Role, settings: Settings): Locks {
  const holds = new Map<string, Hold>()
  const holdOf = (database: string): Hold => {
    const existing = holds.get(database)
    if (existing) return existing
    const hold = new Hold(poolsOf(database)[role], beginStatements(settings))
    holds.set(database, hold)
    return hold
  }
  return {
    async lock(named) {
      const missing: NamedValue[] = []
      // One after the other, in the order of their names, so that two writers don't take their connections crosswise.
      for (const [database, values] of byDatabase(named)) {
        const found = await explained(database, values, () => holdOf(database).lock(values))
        missing.push(...found)
      }
      return missing
    },
    async confirm() {
      const gone: NamedValue[] = []
      for (const [database, hold] of holds)
        gone.push(...(await explained(database, [], () => hold.confirm())))
      return gone
    },
    end() {
      for (const hold of holds.values()) hold.end()
    },
  }
}

/** Looks what is named up, and holds nothing. @returns the values that name no row */
export async function check<N extends TargetedValue>(
  poolsOf: PoolsOf,
  role: Role,
  named: readonly N[],
): Promise<readonly N[]> {
  const missing = [...byDatabase(named)].map(([database, values]) =>
    explained(database, values, () => findMissing(sendOn(poolsOf(database)[role]), values, { lock: false })),
  )
  return (await Promise.all(missing)).flat()
}

function byDatabase<N extends TargetedValue>(
  named: readonly N[],
): readonly (readonly [string, readonly N[]])[] {
  const databases = Map.groupBy(named, ({ reference }) => reference.target.database)
  return [...databases].sort(([a], [b]) => (a < b ? -1 : 1))
}

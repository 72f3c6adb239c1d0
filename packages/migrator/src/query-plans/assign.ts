import { type Catalog, findDatabase } from '../catalog/catalog.ts'
import type { Target } from '../catalog/target.ts'
import { queriesUnusable } from './failures.ts'
import type { NamedQuery } from './queries.ts'

/**
 * The queries of each target; those of databases that aren't selected are left out.
 * @throws `queries.unusable` where nothing says to which of several databases a query belongs, `database.unknown`
 */
export function assignQueries(
  catalog: Catalog,
  file: string,
  queries: readonly NamedQuery[],
  targets: readonly Target[],
): ReadonlyMap<Target, readonly NamedQuery[]> {
  const [only, ...others] = targets
  const names = targets.map(({ name }) => name).join(' or ')
  const databaseOf = ({ name, database }: NamedQuery): string | undefined => {
    if (database !== undefined) return findDatabase(catalog, database).name
    if (others.length === 0) return only?.name
    throw queriesUnusable({ file, problem: `"${name}" doesn't say whether it is for ${names}` })
  }
  const placed = queries.map((query) => ({ query, database: databaseOf(query) }))
  return new Map(
    targets.map((target) => [
      target,
      placed.filter(({ database }) => database === target.name).map(({ query }) => query),
    ]),
  )
}

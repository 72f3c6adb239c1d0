import type { History } from '../history/revision.ts'

/**
 * Databases outside the given ones whose histories depend on those, directly or through each other. Before
 * something is undone, their ledgers must be read too.
 */
export function dependentDatabases(
  histories: readonly History[],
  databases: ReadonlySet<string>,
): ReadonlySet<string> {
  const dependents = Map.groupBy(histories.flatMap(edgesOf), ([needed]) => needed)
  const reached = new Set(databases)
  // A set may grow while it is iterated over; the search then goes on with what was added.
  for (const database of reached) {
    for (const [, dependent] of dependents.get(database) ?? []) reached.add(dependent)
  }
  return new Set([...reached].filter((database) => !databases.has(database)))
}

const edgesOf = ({ database, revisions }: History): readonly (readonly [needed: string, by: string])[] =>
  revisions.flatMap(({ dependsOn }) => dependsOn.map((ref) => [ref.database, database] as const))

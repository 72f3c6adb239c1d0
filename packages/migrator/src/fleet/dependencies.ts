import type { Database } from '../catalog/catalog.ts'
import { isListSource } from '../catalog/sources/source.ts'
import type { History } from '../history/revision.ts'
import type { GraphFinding } from '../plan/findings/graph.ts'

/**
 * Dependencies of single databases on lists. A list's members come, go and fail one by one, so nobody could say
 * when such a dependency is met.
 * @param histories by the catalog's names
 */
export function dependenciesOnLists(
  databases: readonly Database[],
  histories: readonly History[],
): readonly GraphFinding[] {
  const lists = new Set(databases.filter(({ source }) => isListSource(source)).map(({ name }) => name))
  return histories
    .filter(({ database }) => !lists.has(database))
    .flatMap(({ database, revisions }) =>
      revisions.flatMap(({ name, path, dependsOn }) =>
        dependsOn
          .filter((ref) => lists.has(ref.database))
          .map((ref) => ({
            kind: 'dependency-on-list' as const,
            database,
            revision: name,
            list: ref.database,
            paths: [path],
          })),
      ),
    )
}

import { formatRef, type Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'

/** Dependencies on databases that the catalog doesn't have; an empty catalog is none that could say so. */
export const unknownDatabases = (
  revisions: readonly Revision[],
  catalog: readonly string[],
): readonly Finding[] =>
  revisions.flatMap(({ database, name, path, dependsOn }) =>
    dependsOn
      .filter((ref) => catalog.length > 0 && !catalog.includes(ref.database))
      .map((ref) => ({
        kind: 'unknown-database' as const,
        database,
        revision: name,
        needs: formatRef(ref),
        known: catalog,
        paths: [path],
      })),
  )

import { formatRef, type Revision } from '../history/revision.ts'
import type { Finding } from './findings.ts'

/** Dependencies on databases that the catalog doesn't have; an empty catalog is none that could say so. */
export const unknownDatabases = (
  revisions: readonly Revision[],
  catalog: readonly string[],
): readonly Finding[] =>
  revisions.flatMap(({ database, name, path, dependsOn }) =>
    dependsOn
      .filter((ref) => catalog.length > 0 && !catalog.includes(entryIn(ref.database)))
      .map((ref) => ({
        kind: 'unknown-database' as const,
        database,
        revision: name,
        needs: formatRef(ref),
        known: catalog,
        paths: [path],
      })),
  )

/** The catalog has a list, and not its members. */
const entryIn = (database: string): string => database.split('/')[0] ?? database

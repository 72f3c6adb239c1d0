import { existsSync } from 'node:fs'
import { readHeader } from '@manybase/schema-engine/script'
import type { Database } from '../catalog/catalog.ts'
import { readHistory } from './read.ts'

/**
 * Reads from the headers of the histories which revision made which table.
 * @returns the name of the revision of a database that names the table after `-- creates:`, if one does
 */
export function revisionOf(
  databases: readonly Pick<Database, 'name' | 'migrations'>[],
): (database: string, table: string) => string | undefined {
  const byDatabase = new Map(databases.map((database) => [database.name, tablesOf(database)]))
  return (database, table) => byDatabase.get(database)?.get(table)
}

/** Of a table that is made twice, the later revision made the one that there is. */
function tablesOf({ name, migrations }: Pick<Database, 'name' | 'migrations'>): ReadonlyMap<string, string> {
  if (!existsSync(migrations)) return new Map()
  const { revisions } = readHistory({ name, migrations })
  return new Map(
    revisions.flatMap((revision) =>
      readHeader(revision.script).creates.map((table) => [table, revision.name] as const),
    ),
  )
}

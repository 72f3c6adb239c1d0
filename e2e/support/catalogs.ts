import { type CatalogSnapshot, catalogSnapshot } from '@manybase/migrator/testing'
import type { Project } from './project.ts'
import { withClient } from './tenant.ts'

/** Everything that a database's catalogs say, for comparing before and after. */
export const catalogsOf = (project: Project, database: string): Promise<CatalogSnapshot> =>
  withClient(project.adminUrl(database), catalogSnapshot)

/** The revisions that a ledger has as applied, in their order, as often as they are there. */
export async function appliedIn(project: Project, database: string): Promise<readonly string[]> {
  const rows = await project.query(
    database,
    `SELECT migration_name AS name FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  )
  return rows.map(({ name }) => String(name))
}

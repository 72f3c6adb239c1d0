import type { Companion, CompanionSite } from '../catalog/define.ts'
import { entryOf, type Target } from '../catalog/target.ts'
import type { Context } from '../settings/context.ts'
import { findRunning } from '../settings/running.ts'

/** The catalog's companion, and where the databases are among which it works. */
export interface Attachment {
  readonly companion: Companion
  /** All databases of the catalog: what one needs follows from the others, too. */
  readonly sites: readonly CompanionSite[]
}

/** One PostgreSQL database, however many of the catalog's lie in it. */
export const placeOf = ({ connection: { host, port, database } }: Target): string =>
  `${host}:${port}/${database}`

/** @param targets those that are already known; of the others as much as can be said without starting a server */
export async function attachCompanion(
  context: Context,
  targets: readonly Target[],
): Promise<Attachment | undefined> {
  const { integrity, databases } = context.catalog
  if (!integrity) return undefined
  const known = new Map(targets.map((target) => [entryOf(target), target]))
  const sites = databases.map(async (database): Promise<CompanionSite> => {
    const target = known.get(database.name) ?? (await findRunning(context, database))
    return {
      name: database.name,
      schemaFile: database.schemaFile,
      schema: target?.connection.schema ?? 'public',
      place: target ? placeOf(target) : `somewhere else, ${database.name}`,
    }
  })
  return { companion: integrity, sites: await Promise.all(sites) }
}

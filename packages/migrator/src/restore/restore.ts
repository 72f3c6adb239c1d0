import { join } from 'node:path'
import { errorMessage } from '@manybase/failure'
import { isFileError } from '../backup/draft.ts'
import { backupDamaged } from '../backup/failures.ts'
import type { PhysicalDatabase } from '../backup/physical.ts'
import type { BackupOnDisk } from '../backup/read.ts'
import { connectForCopy } from '../backup/reader.ts'
import type { Replay } from '../backup/replays.ts'
import { findTools, fitting, runTool } from '../backup/tools.ts'
import type { Target } from '../catalog/resolve.ts'
import { parseDatabaseUrl, withDatabase } from '../catalog/url.ts'
import { explainServerError } from '../server/explain.ts'
import { createBeside } from './create.ts'
import { nameTaken, restoreToolMissing } from './failures.ts'
import { derive, loadArchive } from './load.ts'
import { copyProperties } from './properties.ts'
import { findReplays, findSaved, type Saved } from './saved.ts'
import { assertUnused, besideName, dropDatabase, freeStamp, openSite, type Site } from './site.ts'
import { type Exchange, swap } from './swap.ts'
import { verifyRestored } from './verify.ts'

export interface RestoreOptions {
  /** A new name: nothing is replaced. For one database only. */
  readonly into?: string
  /** Ends the connections of others to what is replaced. */
  readonly force: boolean
  readonly dropOld: boolean
  /** Called when everything has been looked at and nothing is touched yet; false leaves it so. */
  readonly agreed: (places: readonly Place[]) => Promise<boolean>
  readonly onLeftover: (database: string) => void
  readonly onRestored: (saved: Saved, milliseconds: number) => void
  /** What the role may not give to the new database, a line each. */
  readonly onLeft: (database: string, statements: readonly string[]) => void
}

/** A database that is about to be restored. */
export interface Place {
  readonly saved: Saved
  readonly site: Site
}

/** What became of one database. */
export interface Restored {
  readonly saved: Saved
  /** Its name on the server. */
  readonly name: string
  /** What the database is called now that had the name before. */
  readonly kept?: string
}

/**
 * Restores databases of a whole backup. Each goes into a new database, which is compared with what was saved;
 * only when all of them are right do they take the old ones' places. Undefined when it was declined.
 * @throws `restore.*`, `backup.no-tool`, `backup.tool-failed`, `shadow.replay-failed`, `server.*`
 */
export async function restore(
  backup: BackupOnDisk,
  databases: readonly PhysicalDatabase[],
  options: RestoreOptions,
): Promise<readonly Restored[] | undefined> {
  const works = findSaved(backup, databases).map((saved) => ({
    saved,
    replays: saved.manifest.kind === 'archive' ? findReplays(saved) : [],
  }))
  const sites: Site[] = []
  const made: Exchange[] = []
  try {
    const { into, onLeftover } = options
    for (const { saved } of works) {
      sites.push(await openSite(saved.database, { replaces: into === undefined, onLeftover }))
    }
    const places = works.flatMap((work, index) => {
      const site = sites[index]
      return site ? [{ ...work, site }] : []
    })
    for (const { site } of places) await assertFree(site, options)
    if (!(await options.agreed(places))) return undefined
    const stamp = await freeStamp(sites)
    for (const place of places) {
      const exchange = exchangeOf(place.site, stamp, options)
      made.push(exchange)
      await build(place, exchange, options).catch((error) => {
        const { database, folder } = place.saved
        throw isFileError(error)
          ? backupDamaged({ directory: folder, problems: [errorMessage(error)] }, error)
          : explainServerError(error, database.targets[0])
      })
    }
    for (const group of Map.groupBy(made, serverOf).values()) await swap(group, options.force)
    const kept = options.dropOld ? await dropOld(made) : made
    return places.map(({ saved }, index) => resultOf(saved, kept[index]))
  } catch (error) {
    // Those that have their names already are not called this any more.
    for (const { site, restored } of made) await dropDatabase(site.admin, restored).catch(() => {})
    throw error
  } finally {
    await Promise.all(sites.map(({ admin }) => admin.end()))
  }
}

async function assertFree(site: Site, { into, force }: RestoreOptions): Promise<void> {
  if (into === undefined) return site.exists && !force ? await assertUnused(site) : undefined
  const { rows } = await site.admin.query('SELECT FROM pg_database WHERE datname = $1', [into])
  if (rows.length > 0) throw nameTaken({ name: into })
}

function exchangeOf(site: Site, stamp: string, { into }: RestoreOptions): Exchange {
  const restored = besideName(site.name, 'restore', stamp)
  if (into !== undefined) return { site, restored, name: into }
  const kept = besideName(site.name, 'before_restore', stamp)
  return { site, restored, name: site.name, ...(site.exists && { kept }) }
}

const serverOf = ({ site }: Exchange): string => {
  const { host, port } = site.database.targets[0].connection
  return `${host}:${port}`
}

/** What can't be dropped (a replication slot needs it) stays, and the result says so. */
const dropOld = (made: readonly Exchange[]): Promise<readonly Exchange[]> =>
  Promise.all(
    made.map(async ({ kept, ...exchange }) => {
      if (kept === undefined) return exchange
      const dropped = await dropDatabase(exchange.site.admin, kept).catch(() => undefined)
      return dropped ? exchange : { ...exchange, kept }
    }),
  )

function resultOf(saved: Saved, exchange: Exchange | undefined): Restored {
  const { name, kept } = exchange ?? { name: saved.database.name, kept: undefined }
  return { saved, name, ...(kept !== undefined && { kept }) }
}

/** Makes the new database, whole and compared with what was saved. */
async function build(
  { saved, site, replays }: Place & { readonly replays: readonly Replay[] },
  { restored }: Exchange,
  options: RestoreOptions,
): Promise<void> {
  const start = performance.now()
  const { database, manifest, folder } = saved
  await createBeside(site, restored, manifest.server.locale)
  const targets = database.targets.map((target) => moved(target, restored))
  if (manifest.kind === 'pg_dump') await restoreDump(saved, restored)
  const client = await connectForCopy(database.targets[0], restored)
  try {
    const destination = { database: database.name, client }
    if (manifest.kind === 'archive') {
      const here = replays.map((replay) => ({ ...replay, target: moved(replay.target, restored) }))
      await loadArchive(destination, manifest, folder, here)
    } else await derive(destination)
    await verifyRestored(destination, manifest, targets)
  } finally {
    await client.end()
  }
  const left = site.exists ? await copyProperties(site.admin, site.name, restored) : []
  if (left.length > 0) options.onLeft(database.name, left)
  options.onRestored(saved, performance.now() - start)
}

const moved = (target: Target, database: string): Target => ({
  ...target,
  connection: parseDatabaseUrl(withDatabase(target.connection.url, database), target.origin),
})

/** A newer pg_restore reads what an older pg_dump wrote. */
async function restoreDump({ database, manifest, folder }: Saved, restored: string): Promise<void> {
  if (manifest.kind !== 'pg_dump') return
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(manifest.tool)?.[1] ?? manifest.server.major)
  const tools = await findTools('pg_restore')
  const tool = fitting(tools, major)
  if (!tool) {
    const found = tools.map((each) => `${each.path} (${each.major})`)
    throw restoreToolMissing({ database: database.name, major, found })
  }
  await runTool(tool, database.targets[0], restored, ['--exit-on-error', join(folder, manifest.file)])
}

import { resolve } from 'node:path'
import { type Manifest, rowsIn } from '../backup/manifest.ts'
import { groupByDatabase, type PhysicalDatabase } from '../backup/physical.ts'
import type { Target } from '../catalog/resolve.ts'
import { entryOf } from '../catalog/target.ts'
import type { Unit } from '../fleet/units.ts'
import { type Context, findPeers } from './context.ts'

/** Where backups are kept: what is said here, or for all of the catalog. */
export const backupsFolder = ({ cwd, catalog, env }: Context, out: string | undefined): string =>
  out ? resolve(cwd, out) : resolve(catalog.root, env.get('DB_BACKUPS') ?? 'backups')

/** The databases of some targets, with the other histories of the catalog that live in them. */
export async function databasesOf(
  context: Context,
  targets: readonly Target[],
): Promise<readonly PhysicalDatabase[]> {
  const chosen = new Set(targets.map(({ name }) => name))
  const others = context.catalog.databases.filter(({ name }) => !chosen.has(name))
  const found = await Promise.all(others.map((database) => findPeers(context, database)))
  const peers = found.flat().filter(({ name }) => !chosen.has(name))
  const order = context.catalog.databases.map(({ name }) => name)
  const place = (target: Target) => order.indexOf(entryOf(target))
  const all = [...targets, ...peers].sort((a, b) => place(a) - place(b))
  return groupByDatabase(all).filter((database) => database.targets.some(({ name }) => chosen.has(name)))
}

/** Databases that are changed together are saved as of one moment; each member of a list has its own. */
export function groupsOf(
  databases: readonly PhysicalDatabase[],
  units: readonly Unit[],
): readonly (readonly PhysicalDatabase[])[] {
  const unitOf = ({ targets }: PhysicalDatabase) =>
    units.find((unit) => unit.targets.some(({ name }) => targets.some((target) => target.name === name)))
  return [...Map.groupBy(databases, unitOf).values()]
}

/** `5 tables, 1,204 rows, at 002 (archive)` */
export function describeManifest(manifest: Manifest): string {
  const { tables, histories, kind } = manifest
  const at = histories.flatMap(({ current }) => current).join(', ') || 'base'
  const count = (number: number, noun: string) =>
    `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
  return `${count(tables.length, 'table')}, ${count(rowsIn(manifest), 'row')}, at ${at} (${kind})`
}

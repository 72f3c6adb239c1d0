import { errorCode } from '@manybase/failure'
import type { Catalog, Database } from '../catalog/catalog.ts'
import { findDatabase, fullName, select } from '../catalog/catalog.ts'
import { type Environment, readEnvironment } from '../catalog/environment.ts'
import { databaseUnknown } from '../catalog/failures.ts'
import { type ImportFile, loadCatalog } from '../catalog/load.ts'
import { onLocalServer, resolve, type Target } from '../catalog/resolve.ts'
import { makeReader, type ReadSource } from '../catalog/sources/read.ts'
import { entryOf } from '../catalog/target.ts'
import type { Output } from '../report/output.ts'

/** What every command works with. */
export interface Context {
  readonly cwd: string
  readonly output: Output
  readonly catalog: Catalog
  readonly env: Environment
  /** Reads each source of the catalog once in the command's life. */
  readonly read: ReadSource
}

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string
  readonly only?: readonly string[]
  readonly json?: boolean
}

export async function makeContext(
  cwd: string,
  options: CommonOptions,
  output: Output,
  importFile?: ImportFile,
): Promise<Context> {
  const catalog = await loadCatalog(cwd, options.config, importFile)
  const env = readEnvironment(catalog.root)
  return { cwd, output, catalog, env, read: makeReader(catalog, env) }
}

/**
 * The selected databases and where they are; of a list its members, all or those that are named
 * (`tenants/acme`, `tenants/a*`). Where no URL is set, the local server is started.
 * @throws `url.*`, `list.*`, `database.unknown`, and what the local server throws
 */
export async function findTargets(
  context: Context,
  only: readonly string[] = [],
): Promise<readonly Target[]> {
  const { catalog } = context
  const targets = await locate(context, select(catalog, only))
  if (only.length === 0) return targets
  const patterns = only.map((name) => ({ name, fits: fitting(fullName(catalog, name)) }))
  const absent = patterns.find(({ name, fits }) => name.includes('/') && !targets.some(fits))
  if (absent) throw databaseUnknown({ name: absent.name, known: targets.map(({ name }) => name) })
  return targets.filter((target) => patterns.some(({ fits }) => fits(target)))
}

/** Whether a target is meant by the name of its list, or by its own, in which `*` stands for anything. */
function fitting(name: string): (target: Target) => boolean {
  const pattern = new RegExp(`^${name.split('*').map(quote).join('.*')}$`)
  return (target) => entryOf(target) === name || pattern.test(target.name)
}

const quote = (text: string) => text.replace(/[^\p{L}\p{N}_]/gu, '\\$&')

/**
 * One target for each selected database and list, by the catalog's name for it: commands that are about a history
 * ask the first selected member where they need a server.
 * @throws as `findTargets`
 */
export async function findReferences(
  context: Context,
  only: readonly string[] = [],
): Promise<readonly Target[]> {
  const byEntry = Map.groupBy(await findTargets(context, only), entryOf)
  return [...byEntry].flatMap(([name, [first]]) => (first ? [asReference(first, name, context)] : []))
}

/** Without its membership, so that it counts as the database of that history. */
export function asReference(
  { membership, ...target }: Target,
  name: string,
  { catalog }: Pick<Context, 'catalog'>,
): Target {
  if (!membership) return target
  return { ...target, name, label: findDatabase(catalog, name).label }
}

/** The same for one database of the catalog, or all members of a list; none when nothing says where to find it. */
export const findPeers = async (context: Context, database: Database): Promise<readonly Target[]> =>
  await locate(context, [database]).catch(nowhere)

async function locate({ catalog, env, output, read }: Context, databases: readonly Database[]) {
  const resolution = await resolve(catalog, databases, env, read)
  if (resolution.kind === 'urls' || !catalog.local)
    return resolution.kind === 'urls' ? resolution.targets : []
  const running =
    (await catalog.local.find(catalog.root)) ??
    (await catalog.local.start(catalog.root, ({ name, milliseconds }) => output.step(name, milliseconds)))
  return onLocalServer(resolution.databases, running)
}

/** A peer without a URL can't answer; the plan then says which dependency is unmet. */
function nowhere(error: unknown): readonly Target[] {
  if (errorCode(error)?.startsWith('url.')) return []
  throw error
}

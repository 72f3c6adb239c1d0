import { errorCode } from '@manybase/failure'
import type { Catalog, Database } from '../catalog/catalog.ts'
import { select } from '../catalog/catalog.ts'
import { type Environment, readEnvironment } from '../catalog/environment.ts'
import { loadCatalog } from '../catalog/load.ts'
import { onLocalServer, resolve, type Target } from '../catalog/resolve.ts'
import type { Output } from '../report/output.ts'

/** What every command works with. */
export interface Context {
  readonly cwd: string
  readonly output: Output
  readonly catalog: Catalog
  readonly env: Environment
}

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string
  readonly only?: readonly string[]
  readonly json?: boolean
}

export async function makeContext(cwd: string, options: CommonOptions, output: Output): Promise<Context> {
  const catalog = await loadCatalog(cwd, options.config)
  return { cwd, output, catalog, env: readEnvironment(catalog.root) }
}

/**
 * The selected databases and where they are. Where no URL is set, the local server is started.
 * @throws `url.*`, `database.unknown`, and what the local server throws
 */
export async function findTargets(
  context: Context,
  only: readonly string[] = [],
): Promise<readonly Target[]> {
  return await locate(context, select(context.catalog, only))
}

/** The same for databases of the catalog by name, skipping those that nothing says where to find. */
export async function findPeers(context: Context, names: ReadonlySet<string>): Promise<readonly Target[]> {
  const peers = context.catalog.databases.filter(({ name }) => names.has(name))
  const found = await Promise.all(peers.map((peer) => locate(context, [peer]).catch(nowhere)))
  return found.flat()
}

async function locate({ catalog, env, output }: Context, databases: readonly Database[]) {
  const resolution = resolve(catalog, databases, env)
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

import { errorCode } from '@manybase/failure'
import type { Database } from '../catalog/catalog.ts'
import { onLocalServer, resolve, type Target } from '../catalog/resolve.ts'
import type { Context } from './context.ts'

/** Where a database is, if that can be said without starting a server. */
export async function findRunning(
  { catalog, env }: Context,
  database: Database,
): Promise<Target | undefined> {
  try {
    const resolution = resolve(catalog, [database], env)
    if (resolution.kind === 'urls') return resolution.targets[0]
    const running = await catalog.local?.find(catalog.root)
    return running ? onLocalServer(resolution.databases, running)[0] : undefined
  } catch (error) {
    if (errorCode(error)?.startsWith('url.')) return undefined
    throw error
  }
}

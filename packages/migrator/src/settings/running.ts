import { errorCode } from '@manybase/failure'
import type { Database } from '../catalog/catalog.ts'
import { onLocalServer, resolve, type Target } from '../catalog/resolve.ts'
import { asReference, type Context } from './context.ts'

/** Where a database is, of a list the first member, if that can be said without starting a server. */
export async function findRunning(context: Context, database: Database): Promise<Target | undefined> {
  const { catalog, env, read } = context
  try {
    const resolution = await resolve(catalog, [database], env, read)
    if (resolution.kind === 'urls') {
      const [first] = resolution.targets
      return first && asReference(first, database.name, context)
    }
    const running = await catalog.local?.find(catalog.root)
    return running ? onLocalServer(resolution.databases, running)[0] : undefined
  } catch (error) {
    if (errorCode(error)?.startsWith('url.')) return undefined
    throw error
  }
}

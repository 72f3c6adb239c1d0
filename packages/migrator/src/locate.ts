import type { Target } from './catalog/resolve.ts'
import { makeOutput } from './report/output.ts'
import { findTargets, makeContext } from './settings/context.ts'

/** Where the databases of a catalog are, and in which environment. */
export interface Located {
  readonly targets: readonly Target[]
  readonly production: boolean
}

export interface LocateOptions {
  /** The catalog; default: `databases.config.ts` in `from` or a folder above. */
  readonly config?: string | undefined
  /** Only these databases, by name or label. */
  readonly only?: readonly string[]
  /** Says nothing on stderr while the local server starts. */
  readonly quiet?: boolean
}

/**
 * Finds the databases as every command of `db` does: by their URLs, or on the local server, which is started.
 * @throws `config.*`, `url.*`, `list.*`, `database.unknown`, and what the local server throws
 */
export async function locate(from: string, options: LocateOptions = {}): Promise<Located> {
  const { config, only = [], quiet = false } = options
  const context = await makeContext(from, config === undefined ? {} : { config }, makeOutput(quiet))
  return { targets: await findTargets(context, only), production: context.env.production }
}

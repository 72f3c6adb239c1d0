import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** A catalog in one file of CommonJS. */
export interface CatalogBundle {
  /** The catalog's own file. */
  readonly file: string
  /** What it was made from. */
  readonly inputs: readonly string[]
  /** False when it has to be imported as it is: it imports an installed package, or must know its own place. */
  readonly ready: boolean
}

/**
 * Bundles the catalog of the repository that `folder` lies in into `outfile`: importing it module by module costs a
 * start as much as connecting does. What it imports on demand stays where it is. Resolves to undefined where there
 * is no catalog.
 */
export async function bundleCatalog(folder: string, outfile: string): Promise<CatalogBundle | undefined> {
  const file = findUpwards(folder, 'databases.config.ts')
  if (file === undefined) return undefined
  const root = dirname(file)
  try {
    const { metafile, warnings } = await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node22',
      metafile: true,
      logLevel: 'silent',
      plugins: [ownModulesOnly],
    })
    const inputs = Object.keys(metafile.inputs).map((path) => join(root, path))
    return { file, inputs, ready: warnings.length === 0 }
  } catch {
    // Importing it will say what is wrong.
    return { file, inputs: [file], ready: false }
  }
}

const ownModulesOnly: Plugin = {
  name: 'own-modules-only',
  setup: (build) =>
    build.onResolve({ filter: /./ }, async ({ path, kind, pluginData, importer, namespace, resolveDir }) => {
      if (kind === 'entry-point' || isBuiltin(path) || pluginData === ownModulesOnly) return undefined
      const from = { kind, importer, namespace, resolveDir, pluginData: ownModulesOnly }
      const found = await build.resolve(path, from)
      if (found.errors.length > 0 || /[/\\]node_modules[/\\]/.test(found.path)) {
        return { errors: [{ text: `${path} is an installed package` }] }
      }
      return kind === 'dynamic-import' ? { path: pathToFileURL(found.path).href, external: true } : undefined
    }),
}

function findUpwards(folder: string, name: string): string | undefined {
  const file = join(folder, name)
  if (existsSync(file)) return file
  const parent = dirname(folder)
  return parent === folder ? undefined : findUpwards(parent, name)
}

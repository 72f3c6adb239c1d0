import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Catalog, makeCatalog } from './catalog.ts'
import { configMissing } from './failures.ts'

const fileName = 'databases.config.ts'

/**
 * Loads the catalog of the nearest folder at or above `from` that has one, or the file that is named.
 * @throws `config.missing`, `config.invalid`
 */
export async function loadCatalog(from: string, named?: string): Promise<Catalog> {
  const file = named ? resolve(from, named) : findUpwards(from)
  if (!file || !existsSync(file)) throw configMissing({ from: named ?? from })
  const loaded: { default?: unknown } = await import(pathToFileURL(file).href)
  return makeCatalog(dirname(file), file, loaded.default)
}

function findUpwards(from: string): string | undefined {
  const file = join(from, fileName)
  if (existsSync(file)) return file
  const parent = dirname(from)
  return parent === from ? undefined : findUpwards(parent)
}

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorMessage } from '@manybase/failure'
import { type Catalog, makeCatalog } from './catalog.ts'
import { configInvalid, configMissing } from './failures.ts'

const fileName = 'databases.config.ts'

/** How the file is imported; the command has the catalog of its own repository ready in another form. */
export type ImportFile = (file: string) => unknown

/**
 * Loads the catalog of the nearest folder at or above `from` that has one, or the file that is named.
 * @throws `config.missing`, `config.invalid`
 */
export async function loadCatalog(
  from: string,
  named?: string,
  importFile: ImportFile = importAsItIs,
): Promise<Catalog> {
  const file = named ? resolve(from, named) : findUpwards(from)
  if (!file || !existsSync(file)) {
    throw configMissing({ place: named ?? `${fileName} in ${from} or in any folder above it` })
  }
  return makeCatalog(dirname(file), file, await importDefault(file, importFile))
}

const importAsItIs: ImportFile = (file) => import(pathToFileURL(file).href)

async function importDefault(file: string, importFile: ImportFile): Promise<unknown> {
  try {
    const loaded = await importFile(file)
    return typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined
  } catch (error) {
    throw configInvalid({ file, problem: `importing it failed: ${errorMessage(error).trimEnd()}` }, error)
  }
}

function findUpwards(from: string): string | undefined {
  const file = join(from, fileName)
  if (existsSync(file)) return file
  const parent = dirname(from)
  return parent === from ? undefined : findUpwards(parent)
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reference } from '../references/reference.ts'
import type { SchemaTexts, Site } from './stamp.ts'
import { referencesStamp } from './stamp.ts'

/**
 * The references of all databases, as their schemas declare them. Reading the schemas takes Prisma's parser
 * half a second, so what it gave is kept beside the package, under the hash of all that it was made from.
 * @throws `schema.missing`, `schema.invalid`, `references.unsound`
 */
export async function readReferences(
  sites: readonly Site[],
  texts: SchemaTexts,
  folder: string = join(import.meta.dirname, '../../node_modules/.cache/references'),
): Promise<readonly Reference[]> {
  const file = join(folder, `${referencesStamp(texts)}.json`)
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return JSON.parse(kept)
  const { soundReferences } = await import('../references/sound.ts')
  const references = await soundReferences(sites)
  await keep(folder, file, JSON.stringify(references))
  return references
}

/** Where nothing can be written, nothing is kept. */
async function keep(folder: string, file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(draft, text)
    await rename(draft, file)
  } catch {
    // The next run reads the schemas again.
  }
}

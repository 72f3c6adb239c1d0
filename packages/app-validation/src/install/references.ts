import { type PlacedReference, placeReference } from '../references/placed.ts'
import { readReferences } from './references-cache.ts'
import { readSchemaTexts, type Site } from './stamp.ts'

/**
 * The references among the databases of a catalog.
 * @throws `schema.invalid`, `references.unsound`
 */
export async function referencesAmong(sites: readonly Site[]): Promise<readonly PlacedReference[]> {
  const schemas = new Map(sites.map(({ name, schema }) => [name, schema]))
  const references = await readReferences(sites, readSchemaTexts(sites))
  return references.map((each) => placeReference(each, (name) => schemas.get(name) ?? 'public'))
}

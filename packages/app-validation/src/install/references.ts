import { type PlacedReference, placeReference } from '../references/placed.ts'
import type { Reference } from '../references/reference.ts'
import { readReferences } from './references-cache.ts'
import { readSchemaTexts, type Site } from './stamp.ts'

/**
 * The references among the databases of a catalog, as they are declared.
 * @throws `schema.invalid`, `references.unsound`
 */
export const declaredAmong = (sites: readonly Site[]): Promise<readonly Reference[]> =>
  readReferences(sites, readSchemaTexts(sites))

/** The same, with the PostgreSQL schemas that the sites have. */
export async function referencesAmong(sites: readonly Site[]): Promise<readonly PlacedReference[]> {
  const schemas = new Map(sites.map(({ name, schema }) => [name, schema]))
  return (await declaredAmong(sites)).map((each) =>
    placeReference(each, (name) => schemas.get(name) ?? 'public'),
  )
}

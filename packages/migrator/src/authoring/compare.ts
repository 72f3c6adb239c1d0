import {
  type CatalogDifference,
  type CatalogSnapshot,
  catalogDifferences,
} from '../snapshot/catalog-snapshot.ts'

/**
 * What a database (`live`) has more, less or otherwise than scripts make of an empty one (`made`). Left out are
 * the ledger, who may connect to the database, and PostgreSQL schemas that the scripts don't make: another
 * history may live there.
 */
export function ownDifferences(made: CatalogSnapshot, live: CatalogSnapshot): readonly CatalogDifference[] {
  const foreign = [...live.keys()]
    .filter((object) => object.startsWith('schema ') && !made.has(object))
    .map((object) => object.slice('schema '.length))
  const differences = catalogDifferences(made, live).filter(
    (difference) => !isEnvironment(difference.object) && !isForeign(difference, foreign, live),
  )
  const defined = new Set(differences.map(({ object }) => object))
  // Where the definition differs, that the object is there says nothing more.
  return differences.filter(
    ({ object }) => !defined.has(object.replace(existence, '')) || !existence.test(object),
  )
}

const existence = /^existence of /

const isEnvironment = (object: string): boolean =>
  /\b_prisma_migrations(_pkey)?\b/.test(object) || /^(privileges|settings) of the database/.test(object)

/** In a schema of somebody else, or a trigger that calls a function there. */
function isForeign(
  { kind, object }: CatalogDifference,
  schemas: readonly string[],
  live: CatalogSnapshot,
): boolean {
  if (kind !== 'added') return false
  const words = object.split(' ')
  const definition = live.get(object.replace(existence, '')) ?? ''
  const isTrigger = words.includes('trigger')
  return schemas.some(
    (schema) =>
      words.some((word) => word === schema || word.startsWith(`${schema}.`)) ||
      (isTrigger && definition.includes(`EXECUTE FUNCTION ${schema}.`)),
  )
}

/** A line or three for each difference, from the database's side. */
export function renderDifference(difference: CatalogDifference): string {
  const { object } = difference
  const name = object.replace(existence, '')
  switch (difference.kind) {
    case 'added':
      return `  + ${name}: only in the database`
    case 'removed':
      return `  - ${name}: not in the database`
    case 'changed':
      return `  ~ ${name}\n      history   ${difference.before}\n      database  ${difference.after}`
  }
}

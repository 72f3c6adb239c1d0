import type { Target } from '../catalog/resolve.ts'
import type { Revision } from '../history/revision.ts'
import { explainServerError } from '../server/explain.ts'
import { connect } from '../server/session.ts'
import { replay } from '../shadow/replay.ts'
import { withShadow } from '../shadow/shadow.ts'
import {
  type CatalogDifference,
  type CatalogSnapshot,
  catalogDifferences,
  catalogSnapshot,
} from '../snapshot/catalog-snapshot.ts'

/**
 * What a database has more, less or otherwise than these revisions make of an empty one. Left out are the
 * ledger, who may connect to the database, and PostgreSQL schemas that the history doesn't make: another
 * history may live there.
 * @throws `shadow.*`, `server.*`, `database.missing`
 */
export async function compareWithHistory(
  target: Target,
  revisions: readonly Revision[],
): Promise<readonly CatalogDifference[]> {
  const made = await withShadow(target, async (shadow) => {
    await replay(shadow, revisions)
    return await catalogSnapshot(shadow.session.client)
  })
  return ownDifferences(made, await snapshotOf(target))
}

/** The catalogs of a database as it is. */
async function snapshotOf(target: Target): Promise<CatalogSnapshot> {
  const client = await connect(target.connection.connectionString).catch((error) => {
    throw explainServerError(error, target)
  })
  try {
    return await catalogSnapshot(client)
  } finally {
    await client.end()
  }
}

/** Differences of what a history makes (`made`) and a database (`live`), without what is none of its business. */
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
  /\b_prisma_migrations\b/.test(object) || /^(privileges|settings) of the database/.test(object)

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

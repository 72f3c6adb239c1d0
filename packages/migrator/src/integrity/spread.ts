import { type PlacedReference, placeReference, type Reference } from '@manybase/app-validation/status'
import type { CompanionSite } from '../catalog/define.ts'
import { entryOf, type Target } from '../catalog/target.ts'
import { placeOf } from '../companion/attachment.ts'
import { refuseMembersTogether } from '../companion/together.ts'
import { listReferenced } from './failures.ts'

/** A reference as one database has it. */
export interface SpreadReference {
  /** Of that database, under its own name. */
  readonly own: PlacedReference
  /**
   * The same under the name of the first that lies in the same PostgreSQL database: they share the tombstones there, so
   * whoever sweeps for one has to sweep for all.
   */
  readonly swept: PlacedReference
}

/**
 * The references of a catalog, those of a list once for each of its members.
 * @param targets all databases of the catalog, or those that are looked at
 * @param sites what is known of the schemas of others
 * @throws `integrity.list-referenced`, `integrity.members-together`
 */
export function spreadReferences(
  references: readonly Reference[],
  targets: readonly Target[],
  sites: readonly Pick<CompanionSite, 'name' | 'schema'>[] = [],
): readonly SpreadReference[] {
  refuseLists(references, targets)
  refuseTogether(references, targets)
  const schemas = new Map([
    ...sites.map(({ name, schema }) => [name, schema] as const),
    ...targets.map(({ name, connection }) => [name, connection.schema] as const),
  ])
  const first = new Map<string, string>()
  for (const target of targets) {
    if (references.some(({ database }) => database === entryOf(target)) && !first.has(placeOf(target)))
      first.set(placeOf(target), target.name)
  }
  return references.flatMap((reference) =>
    targets
      .filter((target) => entryOf(target) === reference.database)
      .map((target) => {
        const at = { ...reference, database: target.name }
        const own = placeReference(at, (database) => schemas.get(database) ?? 'public')
        return { own, swept: { ...own, database: first.get(placeOf(target)) ?? target.name } }
      }),
  )
}

function refuseLists(references: readonly Reference[], targets: readonly Target[]): void {
  const lists = new Set(targets.flatMap(({ membership }) => (membership ? [membership.list.name] : [])))
  const astray = references.find(({ target }) => lists.has(target.database))
  if (astray) {
    const { database, table, column, target } = astray
    throw listReferenced({ list: target.database, column: `${table}.${column} of ${database}` })
  }
}

const refuseTogether = (references: readonly Reference[], targets: readonly Target[]): void => {
  const taking = new Set(references.map(({ database }) => database))
  refuseMembersTogether(targets.filter((target) => taking.has(entryOf(target))))
}

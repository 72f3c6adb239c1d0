import { type PlacedReference, placeReference } from '../references/placed.ts'
import type { Reference } from '../references/reference.ts'
import { type Link, makeLinks } from '../sweep/link.ts'
import { type Address, descriptionOf, type Given, type Participant } from './database.ts'
import { placeOf } from './place.ts'
import { refuseMissing } from './refuse-missing.ts'

/** Databases under names of the caller's choice: clients, or `{ name, pool, schema, references }`. */
export type Databases = Readonly<Record<string, Given<Participant>>>

/** Databases, and what connects them. */
export interface Connected {
  readonly declared: readonly PlacedReference[]
  /**
   * The same as they are swept: of several databases that lie in one PostgreSQL database under the name of the first, since
   * they share the tombstones there.
   */
  readonly references: readonly PlacedReference[]
  readonly links: readonly Link[]
  /** The address of a database that a link names. */
  readonly addressOf: (name: string) => Address
}

/**
 * Reads from what databases tell of themselves how they are connected. Opens nothing.
 * @throws `references.database-missing`
 */
export function connectDatabases(given: Databases): Connected {
  const databases = Object.values(given).map(descriptionOf)
  const references = databases.flatMap((one) => one.references ?? [])
  refuseMissing(references, new Set(databases.map(({ name }) => name)))
  return connect(databases, references)
}

/** The same of one database and those that refer to it, whatever else they refer to. */
export function connectTo(referenced: Address, referencing: Databases): Connected {
  const databases = Object.values(referencing).map(descriptionOf)
  const references = databases.flatMap((one) => one.references ?? [])
  return connect(
    [...databases, referenced],
    references.filter(({ target }) => target.database === referenced.name),
  )
}

export const schemaOf = ({ schema = 'public' }: Pick<Address, 'schema'>): string => schema

function connect(databases: readonly Address[], references: readonly Reference[]): Connected {
  const byName = new Map(databases.map((one) => [one.name, one]))
  const twice = databases.find((one) => byName.get(one.name) !== one)
  if (twice) throw new TypeError(`Two databases have the name ${twice.name}.`)
  const addressOf = (name: string) => {
    const database = byName.get(name)
    if (!database) throw new TypeError(`${name} is not among the databases that were given.`)
    return database
  }
  const declared = references.map((one) => placeReference(one, (name) => schemaOf(addressOf(name))))
  const sweptAs = firstThere(databases.filter(({ name }) => references.some((one) => one.database === name)))
  const swept = declared.map((one) => ({ ...one, database: sweptAs(addressOf(one.database)) }))
  return { declared, references: swept, links: makeLinks(swept), addressOf }
}

/** The name of the first that lies in the same PostgreSQL database. */
function firstThere(referencing: readonly Address[]): (address: Address) => string {
  return ({ name, pool }) => {
    const place = placeOf({ pool })
    return referencing.find((one) => place !== undefined && placeOf(one) === place)?.name ?? name
  }
}

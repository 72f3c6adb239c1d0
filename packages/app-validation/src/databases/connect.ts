import { placeReference } from '../references/placed.ts'
import { type Link, makeLinks } from '../sweep/link.ts'
import { type Address, descriptionOf, type Given, type Participant } from './database.ts'
import { refuseMissing } from './refuse-missing.ts'

/** Databases under names of the caller's choice: clients, or `{ name, pool, schema, references }`. */
export type Databases = Readonly<Record<string, Given<Participant>>>

/** Databases, and what connects them. */
export interface Connected {
  readonly links: readonly Link[]
  /** The address of a database that a link names. */
  readonly addressOf: (name: string) => Address
}

/**
 * Reads from what databases tell of themselves how they are connected. Opens nothing.
 * @throws `references.database-missing`
 */
export function connectDatabases(given: Databases): Connected {
  const databases = new Map(
    Object.values(given)
      .map(descriptionOf)
      .map((one) => [one.name, one]),
  )
  const references = [...databases.values()].flatMap((one) => one.references ?? [])
  refuseMissing(references, new Set(databases.keys()))
  const schemaOf = (name: string) => databases.get(name)?.schema ?? 'public'
  return {
    links: makeLinks(references.map((reference) => placeReference(reference, schemaOf))),
    addressOf(name) {
      const database = databases.get(name)
      if (!database) throw new TypeError(`${name} is not among the databases that were given.`)
      return database
    },
  }
}

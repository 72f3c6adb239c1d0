import type { Database } from './catalog.ts'
import type { DatabaseUrl } from './url.ts'

/** A database of the catalog with the URL that is in force for it. */
export interface Target extends Database {
  readonly connection: DatabaseUrl
  /** What set the URL: `DATABASE_URL_AUTH (environment)`, or `local server`. */
  readonly origin: string
  /** Of a member of a list. Its `name` is that of the list and its own: `tenants/acme`. */
  readonly membership?: Membership
}

export interface Membership {
  readonly list: List
  /** Its name within the list. */
  readonly member: string
}

/** A list of databases with one history; all its members share this object. */
export interface List {
  readonly name: string
  /** Names of all lists in the catalog, whose members of equal name belong together. */
  readonly lists: ReadonlySet<string>
}

/** The catalog's name for it: that of the list for a member. */
export const entryOf = ({ name, membership }: Pick<Target, 'name' | 'membership'>): string =>
  membership?.list.name ?? name

export const memberName = (list: string, member: string): string => `${list}/${member}`

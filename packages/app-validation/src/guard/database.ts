import type { Address, DatabaseDescription, Given } from '../databases/database.ts'

/** A client that says which database it is of, as those of the database packages do. */
export interface Described {
  readonly $database: DatabaseDescription
}

/** A Prisma client, as far as the guard goes: its types stay its own. */
export interface GuardableClient extends Described {
  $extends: (extension: never) => unknown
  /** Not on a client that has been extended. */
  $on?: (...args: never) => unknown
  $transaction: (...args: never) => unknown
  $disconnect: () => Promise<void>
}

/** A referenced database: a described client, or the same facts without one. */
export type ReferencedDatabase = Given<Pick<Address, 'name' | 'pool'>>

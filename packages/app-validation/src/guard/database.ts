import type { PoolConfig } from 'pg'
import type { DatabaseDescriptor } from '../generator/descriptor.ts'

/** A database as its package describes it: the generated catalog, the name, and how to reach it. */
export interface DatabaseDescription extends DatabaseDescriptor {
  readonly name: string
  /** Settings for a pool of its own to the same database. */
  readonly pool: () => PoolConfig
}

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
export type ReferencedDatabase =
  | { readonly $database: Pick<DatabaseDescription, 'name' | 'pool'> }
  | Pick<DatabaseDescription, 'name' | 'pool'>

export const referencedDatabase = (given: ReferencedDatabase): Pick<DatabaseDescription, 'name' | 'pool'> =>
  '$database' in given ? given.$database : given

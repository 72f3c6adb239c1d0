import type { PoolConfig } from 'pg'
import type { DatabaseDescriptor } from '../generator/descriptor.ts'
import type { Reference } from '../references/reference.ts'

/** Where a database is. */
export interface Address {
  /** Its name in the catalog, by which references name it. */
  readonly name: string
  /** Settings for connections to it. A function, since they hold a password, and descriptions get logged. */
  readonly pool: () => PoolConfig
  /** The PostgreSQL schema of the tables that name none; `public` by default. */
  readonly schema?: string
}

/** A database as its package describes it: where it is, and its generated catalog. */
export interface DatabaseDescription extends DatabaseDescriptor, Address {}

/** A database that names rows of others, or whose rows are named. */
export interface Participant extends Address {
  /** What it declares of others; nothing by default. */
  readonly references?: readonly Reference[]
}

/** A client that carries a description, as those of the database packages do, or the description itself. */
export type Given<D extends Pick<Address, 'name'>> = D | { readonly $database: D }

export const descriptionOf = <D extends Pick<Address, 'name'>>(given: Given<D>): D =>
  isClient(given) ? given.$database : given

const isClient = <D extends Pick<Address, 'name'>>(given: Given<D>): given is { readonly $database: D } =>
  '$database' in given

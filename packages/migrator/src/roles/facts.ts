import type { Grant } from './grant.ts'

/** What a database and its server say of roles, owners and rights. */
export interface RightsFacts {
  readonly me: Me
  /** Those of the named roles that exist. */
  readonly roles: readonly RoleFacts[]
  readonly database: { readonly name: string; readonly owner: string }
  readonly objects: readonly OwnedObject[]
  /** Of the named roles and of PUBLIC; the owner's own are left out. */
  readonly grants: readonly Grant[]
  /** What the migrator's future tables and sequences give the named roles, by schema. */
  readonly defaults: readonly DefaultGrant[]
}

/** Who asks. */
export interface Me {
  readonly name: string
  readonly superuser: boolean
  /** Major version of the server. */
  readonly version: number
  /** Predefined roles that it may grant. */
  readonly mayGrant: readonly string[]
}

export interface RoleFacts {
  readonly name: string
  readonly login: boolean
  /** Attributes that let it do more than its rights: SUPERUSER, CREATEDB, CREATEROLE, REPLICATION, BYPASSRLS. */
  readonly attributes: readonly string[]
  readonly memberOf: readonly string[]
  /** Whether who asks may act as it, and so give what it owns. */
  readonly isMine: boolean
}

export type OwnedKind = 'schema' | 'table' | 'sequence' | 'routine' | 'type' | 'statistics'

export interface OwnedObject {
  readonly kind: OwnedKind
  readonly schema: string
  /** Bare; empty for a schema. */
  readonly name: string
  /** In SQL. */
  readonly sql: string
  readonly owner: string
  /** Whether it goes with another one, as a sequence with its table. */
  readonly follows: boolean
  /** Whether who asks may give rights on it. */
  readonly isMine: boolean
}

export interface DefaultGrant {
  readonly schema: string
  readonly on: 'TABLES' | 'SEQUENCES'
  readonly role: string
  readonly privilege: string
}

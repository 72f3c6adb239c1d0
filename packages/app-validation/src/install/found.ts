import type { Relation } from './relation.ts'
import type { RelationName } from './trigger.ts'

/** What is there of integrity in one database. */
export interface Found {
  /** The tables that were asked for, as far as they exist, each with those that its rows lie in. */
  readonly tables: readonly FoundTable[]
  readonly triggers: readonly FoundTrigger[]
  readonly functions: readonly FoundFunction[]
}

export interface FoundTable extends RelationName {
  readonly columns: readonly string[]
  /** The table itself first. */
  readonly relations: readonly Relation[]
}

/** A trigger that calls a function of the schema `integrity`. */
export interface FoundTrigger {
  readonly name: string
  readonly relation: RelationName
  /** As `pg_get_triggerdef` writes it. */
  readonly definition: string
  /** ENABLE ALWAYS. */
  readonly isAlways: boolean
  /** Made by PostgreSQL on a partition, after the one on the partitioned table. */
  readonly isClone: boolean
}

/** A function that the generators make. */
export interface FoundFunction {
  readonly name: string
  readonly body: string
  /** Security definer, its settings pinned, and not for the public. */
  readonly isSafe: boolean
}

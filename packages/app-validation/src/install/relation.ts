import type { RelationName } from './trigger.ts'

/** A table that rows of a column lie in: the table itself, a partition of it, or a table that inherits from it. */
export interface Relation extends RelationName {
  readonly kind: 'table' | 'partitioned table'
  /** Of a partition triggers for each row are PostgreSQL's to keep: it clones those of the partitioned table. */
  readonly isPartition: boolean
}

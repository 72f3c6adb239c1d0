import type { DatabaseSchema, Reference } from '@manybase/app-validation'

/** The schemas of a catalog and what is known of them. */
export interface Model {
  readonly schemas: readonly DatabaseSchema[]
  /** Those between the databases. */
  readonly references: readonly Reference[]
  /** What a table came with: the name of the revision that made it. */
  groupOf(database: string, table: string): string | undefined
}

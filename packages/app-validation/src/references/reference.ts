import type { Position } from '../prisma-schema/schema.ts'
import type { ReferentialAction } from './action.ts'

/** A column of one database that names rows of another. Names are PostgreSQL's, `model` and `field` Prisma's. */
export interface Reference {
  readonly database: string
  /** The PostgreSQL schema of the table; null is the one that the connection chooses. */
  readonly schema: string | null
  readonly table: string
  readonly column: string
  readonly model: string
  readonly field: string
  readonly target: ReferencedColumn
  readonly onDelete: ReferentialAction
  /** Whether the referencing column is NOT NULL. */
  readonly required: boolean
  /** The PostgreSQL type of the referencing column. */
  readonly type: string
}

/** A reference as a schema declares it. */
export interface DeclaredReference extends Reference {
  /** Where the annotation stands. */
  readonly position: Position
}

export interface ReferencedColumn {
  readonly database: string
  readonly schema: string | null
  readonly table: string
  readonly column: string
}

import { identifier } from '../install/sql.ts'
import type { ReferentialAction } from '../references/action.ts'
import { type PlacedReference, targetName } from '../references/placed.ts'

/** What one database's rows name in another: the unit that a sweeper works on. */
export interface Link {
  /** The referenced database, by its name in the catalog. */
  readonly source: string
  /** The referencing database. */
  readonly referencing: string
  readonly columns: readonly ReferencingColumn[]
}

/** A reference with its names ready for SQL. */
export interface ReferencingColumn {
  /** `public.projects.user_id`: what counts and receipts are kept under. */
  readonly name: string
  /** `public.users.id` of the source: what the delete log is kept under. */
  readonly target: string
  /** The table and column of the target, quoted. */
  readonly targetTable: string
  readonly targetColumn: string
  readonly onDelete: ReferentialAction
  /** Quoted, with its schema. */
  readonly table: string
  /** Quoted. */
  readonly column: string
  /** The PostgreSQL type that the text of an id is cast to. */
  readonly type: string
}

/** Groups references by the pair of databases, in the order in which the pairs come first. */
export function makeLinks(references: readonly PlacedReference[]): readonly Link[] {
  const groups = Map.groupBy(references, ({ database, target }) =>
    JSON.stringify([target.database, database]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    return [{ source: first.target.database, referencing: first.database, columns: group.map(makeColumn) }]
  })
}

const makeColumn = ({
  schema,
  table,
  column,
  target,
  onDelete,
  type,
}: PlacedReference): ReferencingColumn => ({
  name: `${schema}.${table}.${column}`,
  target: targetName(target),
  targetTable: `${identifier(target.schema)}.${identifier(target.table)}`,
  targetColumn: identifier(target.column),
  onDelete,
  table: `${identifier(schema)}.${identifier(table)}`,
  column: identifier(column),
  type,
})

/** The columns whose rows a sweep changes. `Restrict` forbids the deletion and `Keep` leaves the row. */
export const isSwept = ({ onDelete }: ReferencingColumn): boolean =>
  onDelete === 'Cascade' || onDelete === 'SetNull'

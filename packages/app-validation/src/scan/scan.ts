import type { ReferentialAction } from '../references/action.ts'
import type { Link } from '../sweep/link.ts'
import type { OpenSession } from './sessions.ts'
import type { Stray } from './settle.ts'
import { findStrays, type ScanOptions } from './strays.ts'

/** Ids, and the rows that name them. */
export interface Tally {
  readonly ids: number
  readonly rows: number
}

/** What a scan found in one referencing column. */
export interface ColumnScan {
  /** `public.projects.user_id` */
  readonly column: string
  /** `public.users.id` of the source. */
  readonly target: string
  readonly onDelete: ReferentialAction
  /** Rows that name what doesn't exist; `deleted` of the ids are known to have existed. */
  readonly orphans: Tally & { readonly deleted: number }
  /** Rows that name deleted ids and are kept on purpose, by `Keep`. */
  readonly kept: Tally
  /** Rows that name ids whose sweep is still to come. */
  readonly waiting: Tally
  /** The first orphans, in the order of their ids. */
  readonly examples: readonly { readonly id: string; readonly rows: number; readonly isDeleted: boolean }[]
}

export interface Scan {
  readonly source: string
  readonly referencing: string
  readonly columns: readonly ColumnScan[]
}

/** Which of the three a row under this action is that names the stray id. */
export const kindOf = (
  { isWaiting, isDeleted }: Stray,
  onDelete: ReferentialAction,
): 'orphans' | 'kept' | 'waiting' => {
  if (onDelete === 'Keep' && isDeleted) return 'kept'
  return isWaiting ? 'waiting' : 'orphans'
}

/**
 * Compares what the columns of a link name with what exists.
 * @param examples of orphans to hand on for each column
 */
export async function scan(
  open: OpenSession,
  link: Link,
  { examples: limit = 10, ...options }: ScanOptions & { readonly examples?: number } = {},
): Promise<Scan> {
  const tallies = new Map(link.columns.map((column) => [column.name, emptyTally()]))
  for await (const strays of findStrays(open, link, options)) {
    for (const stray of strays) {
      for (const { name, onDelete } of link.columns) {
        const rows = stray.rows[name]
        const tally = tallies.get(name)
        if (!rows || !tally) continue
        const kind = kindOf(stray, onDelete)
        tally[kind].ids += 1
        tally[kind].rows += rows
        if (kind !== 'orphans') continue
        if (stray.isDeleted) tally.orphans.deleted += 1
        if (tally.examples.length < limit)
          tally.examples.push({ id: stray.id, rows, isDeleted: stray.isDeleted })
      }
    }
  }
  const columns = link.columns.map(({ name: column, target, onDelete }) => ({
    column,
    target,
    onDelete,
    ...(tallies.get(column) ?? emptyTally()),
  }))
  return { source: link.source, referencing: link.referencing, columns }
}

const emptyTally = () => ({
  orphans: { ids: 0, rows: 0, deleted: 0 },
  kept: { ids: 0, rows: 0 },
  waiting: { ids: 0, rows: 0 },
  examples: [] as ColumnScan['examples'][number][],
})

import type { ColumnRepair, RepairAction, Scan } from '@manybase/app-validation'
import { renderTable } from '../report/table.ts'
import { count } from './count.ts'

/** What a repair would do in one pair of databases; null leaves the orphans of a column to people. */
export interface PlannedRepair {
  readonly source: string
  readonly referencing: string
  readonly columns: readonly {
    readonly column: string
    readonly action: RepairAction | null
    readonly ids: number
    readonly rows: number
  }[]
}

export const planRepairs = (
  scans: readonly Scan[],
  actionOf: (onDelete: Scan['columns'][number]['onDelete']) => RepairAction | null,
): readonly PlannedRepair[] =>
  scans.map(({ source, referencing, columns }) => ({
    source,
    referencing,
    columns: columns
      .filter(({ orphans }) => orphans.ids > 0)
      .map(({ column, onDelete, orphans: { ids, rows } }) => ({
        column,
        action: actionOf(onDelete),
        ids,
        rows,
      })),
  }))

const deeds: Readonly<Record<RepairAction, string>> = {
  delete: 'delete',
  'set-null': 'set null',
  quarantine: 'move to quarantine',
}

export function renderPlan(planned: readonly PlannedRepair[]): readonly string[] {
  return planned.flatMap(({ source, referencing, columns }) => {
    if (columns.length === 0) return [`✅ ${referencing} after ${source}: no orphan`]
    const rows = columns.map(({ column, action, ids, rows }) => [
      column,
      action === null ? 'leave' : deeds[action],
      String(ids),
      String(rows),
    ])
    return [
      `${referencing} after ${source}`,
      ...renderTable([['column', 'would', 'ids', 'rows'], ...rows]).map((line) => `  ${line}`),
    ]
  })
}

/** How many rows of a pair of databases would be deleted or set null. */
export const rowsToRepair = (
  planned: readonly PlannedRepair[],
  { source, referencing }: Pick<PlannedRepair, 'source' | 'referencing'>,
): number =>
  planned
    .filter((each) => each.source === source && each.referencing === referencing)
    .flatMap(({ columns }) => columns)
    .reduce((sum, { action, rows }) => (action === null ? sum : sum + rows), 0)

/** What is to be confirmed; undefined when there is nothing to do. */
export function questionOf(planned: readonly PlannedRepair[]): string | undefined {
  const parts = planned.flatMap(({ referencing, columns }) =>
    columns.flatMap(({ column, action, rows }) =>
      action === null ? [] : [`${deeds[action]} ${count(rows, 'row')} of ${referencing} ${column}`],
    ),
  )
  if (parts.length === 0) return undefined
  const text = parts.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}?`
}

export function renderDone(
  run: string,
  repairs: readonly { readonly referencing: string; readonly columns: readonly ColumnRepair[] }[],
): readonly string[] {
  const lines = repairs.flatMap(({ referencing, columns }) =>
    columns.map(({ column, action, rows, kept }) => {
      const deed = action === 'set-null' ? 'set null' : action === 'delete' ? 'deleted' : 'taken out'
      return `✅ ${referencing} ${column}: ${count(rows, 'row')} ${deed}, ${kept} kept`
    }),
  )
  const isKept = repairs.some(({ columns }) => columns.some(({ kept }) => kept > 0))
  return isKept ? [...lines, `The way back: pnpm db integrity repair --undo ${run}`] : lines
}

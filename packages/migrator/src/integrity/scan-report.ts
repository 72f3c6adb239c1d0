import type { ColumnScan, Scan, ScanProgress } from '@manybase/app-validation'
import { duration } from '../report/output.ts'
import { renderTable } from '../report/table.ts'
import { count } from './count.ts'

export const hasOrphans = ({ columns }: Scan): boolean => columns.some(({ orphans }) => orphans.ids > 0)

/** What a scan found, as lines for people. */
export function renderScan(scan: Scan): readonly string[] {
  const { source, referencing, columns } = scan
  const found = columns.filter(({ orphans }) => orphans.ids > 0)
  const others = [sum(columns, 'waiting', 'to be swept'), sum(columns, 'kept', 'kept on purpose')]
    .filter((text) => text !== undefined)
    .join(', ')
  const besides = others === '' ? '' : ` (${others})`
  if (found.length === 0) {
    return [`✅ ${referencing} after ${source}: ${count(columns.length, 'column')}, no orphan${besides}`]
  }
  const rows = found.map(({ column, target, onDelete, orphans }) => [
    column,
    target,
    onDelete,
    String(orphans.ids),
    String(orphans.rows),
    String(orphans.deleted),
  ])
  const header = ['column', 'names', 'action', 'ids', 'rows', 'of deleted ids']
  return [
    `❌ ${referencing} after ${source}: orphans in ${count(found.length, 'column')} of ${columns.length}${besides}`,
    ...renderTable([header, ...rows]).map((line) => `  ${line}`),
    ...found.map(({ column, examples }) => `  ${column}: ${examples.map(({ id }) => id).join(', ')}`),
  ]
}

function sum(columns: readonly ColumnScan[], kind: 'waiting' | 'kept', what: string): string | undefined {
  const rows = columns.reduce((total, column) => total + column[kind].rows, 0)
  return rows === 0 ? undefined : `${count(rows, 'row')} ${what}`
}

/** How far a scan or a repair is, how fast it goes, and how long it will still take. */
export function describeProgress(
  { passed, total }: Pick<ScanProgress, 'passed' | 'total'>,
  milliseconds: number,
  of: 'ids' | 'rows' = 'ids',
): string {
  const rate = passed / Math.max(milliseconds / 1000, 0.001)
  const whole = Math.max(total, passed)
  return [
    total === 0 ? `${passed} ${of}` : `${passed} of about ${whole} ${of}`,
    `${Math.round(rate)} ${of}/s`,
    ...(total === 0 || rate === 0 ? [] : [`about ${duration(((whole - passed) / rate) * 1000)} left`]),
  ].join(', ')
}

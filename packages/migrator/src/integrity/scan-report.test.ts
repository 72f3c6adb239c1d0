import { expect, test } from '@jest/globals'
import type { ColumnScan } from '@manybase/app-validation'
import { describeProgress, renderScan } from './scan-report.ts'

const column = (name: string, found: Partial<ColumnScan> = {}): ColumnScan => ({
  column: `public.${name}.user_id`,
  target: 'public.users.id',
  onDelete: 'Cascade',
  orphans: { ids: 0, rows: 0, deleted: 0 },
  kept: { ids: 0, rows: 0 },
  waiting: { ids: 0, rows: 0 },
  examples: [],
  ...found,
})
const scanOf = (...columns: readonly ColumnScan[]) => ({ source: 'auth', referencing: 'specs', columns })

test('a scan without orphans is one line, with what else names missing rows', () => {
  expect(renderScan(scanOf(column('projects'), column('notes')))).toEqual([
    '✅ specs after auth: 2 columns, no orphan',
  ])
  const kept = scanOf(column('logs', { kept: { ids: 1, rows: 7 }, waiting: { ids: 1, rows: 1 } }))
  expect(renderScan(kept)).toEqual([
    '✅ specs after auth: 1 column, no orphan (1 row to be swept, 7 rows kept on purpose)',
  ])
})

test('orphans are counted by column, with the first ids', () => {
  const examples = [
    { id: '8', rows: 2, isDeleted: true },
    { id: '9', rows: 1, isDeleted: false },
  ]
  const found = column('notes', { orphans: { ids: 2, rows: 3, deleted: 1 }, examples })
  expect(renderScan(scanOf(column('projects'), found))).toEqual([
    '❌ specs after auth: orphans in 1 column of 2',
    '  column                names            action   ids  rows  of deleted ids',
    '  ────────────────────  ───────────────  ───────  ───  ────  ──────────────',
    '  public.notes.user_id  public.users.id  Cascade  2    3     1',
    '  public.notes.user_id: 8, 9',
  ])
})

test('progress has rate and estimated end, where the size of the table is known', () => {
  const progress = { target: 'public.users.id', passed: 250_000, total: 1_000_000 }
  expect(describeProgress(progress, 500)).toBe('250000 of about 1000000 ids, 500000 ids/s, about 1.5 s left')
  expect(describeProgress({ ...progress, total: 0 }, 500)).toBe('250000 ids, 500000 ids/s')
  expect(describeProgress({ ...progress, total: 9 }, 500)).toBe(
    '250000 of about 250000 ids, 500000 ids/s, about 0 ms left',
  )
  expect(describeProgress({ passed: 50, total: 200 }, 1000, 'rows')).toBe(
    '50 of about 200 rows, 50 rows/s, about 3.0 s left',
  )
})

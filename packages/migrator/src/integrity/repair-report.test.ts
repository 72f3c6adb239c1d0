import { expect, test } from '@jest/globals'
import { type PlannedRepair, questionOf, renderDone, renderPlan } from './repair-report.ts'

const planned = (...columns: PlannedRepair['columns']): readonly PlannedRepair[] => [
  { source: 'auth', referencing: 'specs', columns },
]
const projects = { column: 'public.projects.user_id', action: 'quarantine', ids: 1, rows: 2 } as const
const invoices = { column: 'public.invoices.user_id', action: null, ids: 1, rows: 1 }

test('a plan says what would be done with each column', () => {
  expect(renderPlan(planned(projects, invoices))).toEqual([
    'specs after auth',
    '  column                   would               ids  rows',
    '  ───────────────────────  ──────────────────  ───  ────',
    '  public.projects.user_id  move to quarantine  1    2',
    '  public.invoices.user_id  leave               1    1',
  ])
  expect(renderPlan(planned())).toEqual(['✅ specs after auth: no orphan'])
})

test('the question has the counts, and is not asked where nothing is to be done', () => {
  expect(questionOf(planned(projects, { ...projects, action: 'set-null', rows: 1 }, invoices))).toBe(
    'Move to quarantine 2 rows of specs public.projects.user_id, set null 1 row of specs public.projects.user_id?',
  )
  expect(questionOf(planned(invoices))).toBeUndefined()
})

test('the way back is named where there is one', () => {
  const done = (kept: number) => [
    { referencing: 'specs', columns: [{ column: 'c', action: 'quarantine', rows: 2, kept } as const] },
  ]
  expect(renderDone('the-run', done(3))).toEqual([
    '✅ specs c: 2 rows taken out, 3 kept',
    'The way back: pnpm db integrity repair --undo the-run',
  ])
  expect(renderDone('the-run', done(0))).toEqual(['✅ specs c: 2 rows taken out, 0 kept'])
})

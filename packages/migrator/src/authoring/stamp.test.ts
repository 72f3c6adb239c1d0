import { describe, expect, test } from '@jest/globals'
import type { History, Revision } from '../history/revision.ts'
import { type LedgerRow, makeLedger } from '../ledger/ledger.ts'
import { makeState } from '../plan/state.ts'
import { planStamp } from './stamp.ts'

const revision = (id: string): Revision => ({
  database: 'specs',
  id,
  name: `${id}_x`,
  path: `/${id}_x`,
  parents: [],
  dependsOn: [],
  script: id,
  checksum: `sum ${id}`,
})
const history: History = { database: 'specs', revisions: ['001', '002', '003'].map(revision) }
const row = (name: string, more: Partial<LedgerRow> = {}): LedgerRow => ({
  id: `row of ${name}`,
  name,
  checksum: `sum ${name.slice(0, 3)}`,
  startedAt: new Date(0),
  finishedAt: new Date(0),
  rolledBackAt: null,
  logs: null,
  appliedSteps: 1,
  ...more,
})
const plan = (rows: readonly LedgerRow[], ids: readonly string[], purge = false) => {
  const wanted = new Set(history.revisions.filter(({ id }) => ids.includes(id)))
  const { add, remove } = planStamp(makeState(history, makeLedger('specs', rows)), wanted, purge)
  return { add: add.map(({ id }) => id), remove: remove.map(({ name }) => name) }
}

describe('a stamp', () => {
  test('forward adds what is not applied, in the order of the history', () => {
    expect(plan([row('001_x')], ['003', '002', '001'])).toEqual({ add: ['002', '003'], remove: [] })
  })

  test('backward rolls back what is applied', () => {
    expect(plan([row('001_x'), row('002_x')], ['001'])).toEqual({ add: [], remove: ['002_x'] })
  })

  test('replaces rows that are unfinished, or of a script that has changed', () => {
    const rows = [row('001_x', { checksum: 'other' }), row('002_x', { finishedAt: null })]
    expect(plan(rows, ['001', '002'])).toEqual({ add: ['001', '002'], remove: ['001_x', '002_x'] })
  })

  test('counts rows that were rolled back as not there', () => {
    expect(plan([row('001_x', { rolledBackAt: new Date(0) })], ['001'])).toEqual({ add: ['001'], remove: [] })
  })

  test('with a purge writes every row anew', () => {
    expect(plan([row('001_x'), row('009_x')], ['001'], true)).toEqual({
      add: ['001'],
      remove: ['001_x', '009_x'],
    })
  })
})

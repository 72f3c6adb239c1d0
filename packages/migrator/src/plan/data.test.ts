import { describe, expect, test } from '@jest/globals'
import { type DataFact, placeData } from './data.ts'
import { explainFinding } from './findings.ts'
import { keyOf } from './step.ts'
import { line, stateOf } from './testing/make.ts'
import { up } from './testing/plans.ts'

const history = line('alpha', '001', '002', '003')

/** 002 has a data migration, and 003 needs it to be complete. */
const facts = (complete = false, requires: readonly string[] = ['002']) =>
  new Map<string, DataFact>([
    ['alpha@002', { hasData: true, complete, requires: [] }],
    ['alpha@003', { hasData: false, complete: false, requires }],
  ])

function place(applied: number, { withData = false, known = facts() } = {}) {
  const states = [stateOf(history, applied)]
  const plan = placeData(up(states, ['head']), states, known, { withData })
  return plan.kind === 'steps'
    ? plan.steps.map(keyOf)
    : plan.findings.map((finding) => explainFinding(finding).what)
}

describe('data migrations in a plan', () => {
  test('of a new database stand right after their revisions', () => {
    expect(place(0)).toEqual(['alpha@001', 'alpha@002', 'data of alpha@002', 'alpha@003'])
  })

  test('of a database with rows are run only when that is asked for', () => {
    expect(place(1, { withData: true })).toEqual(['alpha@002', 'data of alpha@002', 'alpha@003'])
    expect(place(2, { withData: true })).toEqual(['data of alpha@002', 'alpha@003'])
    expect(place(3, { withData: true })).toEqual(['data of alpha@002'])
    expect(place(1, { known: facts(false, []) })).toEqual(['alpha@002', 'alpha@003'])
  })

  test('are not run again when they are complete', () => {
    expect(place(2, { known: facts(true) })).toEqual(['alpha@003'])
    expect(place(2, { withData: true, known: facts(true) })).toEqual(['alpha@003'])
  })

  test('block what needs them until they are complete', () => {
    const blocked = ["003_it of alpha needs the data migration of 002, which isn't complete."]
    expect(place(1)).toEqual(blocked)
    expect(place(2)).toEqual(blocked)
  })

  test('count as complete after the step that skips their revision here', () => {
    expect(place(1, { known: facts(true) })).toEqual(['alpha@002', 'alpha@003'])
  })

  test('must be there to be waited for', () => {
    expect(place(0, { known: facts(false, ['009']) })).toEqual([
      '003_it of alpha needs the data migration of 009, and there is no such revision.',
    ])
    expect(place(0, { known: facts(false, ['001']) })).toEqual([
      '003_it of alpha needs the data migration of 001, and that revision has none.',
    ])
  })
})

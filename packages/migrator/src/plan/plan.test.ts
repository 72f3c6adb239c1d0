import { describe, expect, test } from '@jest/globals'
import { checksum } from '../history/checksum.ts'
import type { History } from '../history/revision.ts'
import { makeLedger } from '../ledger/ledger.ts'
import { refOf } from './graph.ts'
import { planUpgrade } from './plan.ts'
import { isAtHead, makeState } from './state.ts'
import { line, revision, row, stateOf } from './testing/make.ts'

const auth = line('auth', '001', '002')
const [core, ...rest] = line('specs', '003', '004').revisions
const specs: History = {
  database: 'specs',
  revisions: core ? [{ ...core, dependsOn: [{ database: 'auth', id: '001' }] }, ...rest] : [],
}
const both = new Set(['auth', 'specs'])

const refsOf = (plan: ReturnType<typeof planUpgrade>) =>
  plan.kind === 'steps'
    ? plan.steps.map((step) => refOf(step.revision))
    : plan.findings.map(({ kind }) => kind)

describe('a plan to head', () => {
  test('goes through all databases, dependencies first', () => {
    const plan = planUpgrade([stateOf(specs, 0), stateOf(auth, 0)], both)
    expect(refsOf(plan)).toEqual(['auth@001', 'auth@002', 'specs@003', 'specs@004'])
  })

  test('is only what is pending', () => {
    expect(refsOf(planUpgrade([stateOf(auth, 1), stateOf(specs, 0)], both))).toEqual([
      'specs@003',
      'specs@004',
      'auth@002',
    ])
    expect(refsOf(planUpgrade([stateOf(auth, 2), stateOf(specs, 2)], both))).toEqual([])
  })

  test('counts a row that was rolled back as not applied', () => {
    const state = stateOf(auth, 1, { rolledBackAt: new Date(1) })
    expect(refsOf(planUpgrade([state], new Set(['auth'])))).toEqual(['auth@001', 'auth@002'])
  })

  test('of one database needs what it depends on in the other', () => {
    expect(refsOf(planUpgrade([stateOf(auth, 0), stateOf(specs, 0)], new Set(['specs'])))).toEqual([
      'dependency-unmet',
    ])
    expect(refsOf(planUpgrade([stateOf(specs, 0)], new Set(['specs'])))).toEqual(['dependency-unmet'])
    expect(refsOf(planUpgrade([stateOf(auth, 1), stateOf(specs, 0)], new Set(['specs'])))).toEqual([
      'specs@003',
      'specs@004',
    ])
  })
})

describe('there is no plan', () => {
  const block = (history: History, applied = 0, more = {}) =>
    refsOf(planUpgrade([stateOf(history, applied, more)], new Set([history.database])))

  test('for a history with two heads', () => {
    const fork = { ...auth, revisions: [...auth.revisions, revision('auth', '003', { parents: ['001'] })] }
    expect(block(fork)).toEqual(['multiple-heads'])
  })

  test('for a revision that was edited', () => {
    expect(block(auth, 1, { checksum: 'another' })).toEqual(['divergent'])
  })

  test('for a row whose directory is gone', () => {
    const state = makeState(
      line('auth', '001'),
      makeLedger(
        'auth',
        auth.revisions.map((each) => row(each)),
      ),
    )
    expect(refsOf(planUpgrade([state], new Set(['auth'])))).toEqual(['missing'])
    expect(isAtHead(state)).toBe(false)
  })

  test('for a run that never finished', () => {
    expect(block(auth, 1, { finishedAt: null })).toEqual(['unfinished'])
  })

  test('for a parent that is not there', () => {
    expect(block({ database: 'x', revisions: [revision('x', '2', { parents: ['1'] })] })).toEqual([
      'unknown-parent',
    ])
  })

  test('for two directories with one number', () => {
    const twice = [revision('x', '1', { name: '1_a' }), revision('x', '1', { name: '1_b' })]
    expect(block({ database: 'x', revisions: twice })).toContain('duplicate-revision')
  })

  test('for revisions that depend on each other in a circle', () => {
    const circle = [revision('x', '1', { parents: ['2'] }), revision('x', '2', { parents: ['1'] })]
    expect(block({ database: 'x', revisions: circle })).toContain('cycle')
  })
})

test('line ends that Git changed are no divergence', () => {
  const history: History = { database: 'x', revisions: [revision('x', '1', { script: 'SELECT 1;\r\n' })] }
  expect(stateOf(history, 1, { checksum: checksum('SELECT 1;\n') }).findings).toEqual([])
})

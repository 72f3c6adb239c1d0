import { describe, expect, test } from '@jest/globals'
import { planDowngrade } from './plan.ts'
import { oneDown } from './target.ts'
import { line, revision, stateOf } from './testing/make.ts'
import { down, outcomeOf } from './testing/plans.ts'

const auth = line('auth', '001', '002')
const specs = {
  database: 'specs',
  revisions: [
    revision('specs', '003', { dependsOn: [{ database: 'auth', id: '001' }] }),
    revision('specs', '004', { parents: ['003'] }),
  ],
}
const states = (inAuth = 2, inSpecs = 2) => [stateOf(auth, inAuth), stateOf(specs, inSpecs)]
const fork = {
  database: 'x',
  revisions: [
    revision('x', '1'),
    revision('x', '2', { parents: ['1'] }),
    revision('x', '3', { parents: ['1'] }),
    revision('x', '4', { parents: ['3'] }),
  ],
}

describe('a downgrade to', () => {
  test('a bare revision undoes what is above it in its history', () => {
    expect(outcomeOf(down(states(), '003'))).toEqual(['specs@004'])
    expect(outcomeOf(down(states(), '001'))).toEqual(['auth@002'])
  })

  test('where the database stands is nothing to do', () => {
    expect(outcomeOf(down(states(), '004'))).toEqual([])
    expect(outcomeOf(down(states(1, 2), '001'))).toEqual([])
    expect(outcomeOf(down(states(0, 0), 'base'))).toEqual([])
  })

  test('base means all that is selected', () => {
    expect(outcomeOf(down(states(), 'base'))).toEqual(['auth@002', 'specs@004', 'specs@003', 'auth@001'])
    expect(outcomeOf(down(states(), 'base', { only: ['specs'] }))).toEqual(['specs@004', 'specs@003'])
    expect(outcomeOf(down(states(), 'specs@base'))).toEqual(['specs@004', 'specs@003'])
  })

  test('-N counts from where the database stands', () => {
    expect(outcomeOf(down(states(), 'specs@-1'))).toEqual(['specs@004'])
    expect(outcomeOf(down(states(), 'specs@-2'))).toEqual(['specs@004', 'specs@003'])
    expect(outcomeOf(down(states(), '-1', { only: ['auth'] }))).toEqual(['auth@002'])
  })

  test('nothing in particular is -1, and follows its rule', () => {
    const alone = (...names: readonly string[]) => outcomeOf(planDowngrade(states(), new Set(names), oneDown))
    expect(alone('specs')).toEqual(['specs@004'])
    expect(alone('auth', 'specs')).toEqual(['relative-unscoped: "-1" doesn\'t say in which database.'])
  })

  test('REV-N counts from there, down to the base of that history alone', () => {
    expect(outcomeOf(down(states(), '004-1'))).toEqual(['specs@004'])
    expect(outcomeOf(down(states(), '004-2'))).toEqual(['specs@004', 'specs@003'])
  })

  test('a branch point undoes all branches, and -N the one in which the database stands', () => {
    expect(outcomeOf(down([stateOf(fork, 4)], '1'))).toEqual(['x@2', 'x@4', 'x@3'])
    const inOne = stateOf(fork, new Set(['1', '3', '4']))
    expect(outcomeOf(down([inOne], '-2'))).toEqual(['x@4', 'x@3'])
    expect(outcomeOf(down([stateOf(fork, 4)], '-1'))).toEqual([
      'relative-ambiguous: "-1" is ambiguous in x: it stands at 2 or 4.',
    ])
  })
})

describe('what another database has on top', () => {
  const finding = "dependent-applied: 001_it of auth can't be undone: specs@003 needs it."

  test('forbids the way back', () => {
    expect(outcomeOf(down(states(), 'auth@base'))).toEqual([finding])
    expect(outcomeOf(down(states(), 'auth@-2'))).toEqual([finding])
  })

  test('is undone first with cascade', () => {
    expect(outcomeOf(down(states(), 'auth@base', { cascade: true }))).toEqual([
      'auth@002',
      'specs@004',
      'specs@003',
      'auth@001',
    ])
  })

  test('forbids it with cascade too, where that database is left out', () => {
    expect(outcomeOf(down(states(), 'base', { cascade: true, only: ['auth'] }))).toEqual([finding])
  })

  test('is no hindrance once it is gone', () => {
    expect(outcomeOf(down(states(2, 0), 'auth@base'))).toEqual(['auth@002', 'auth@001'])
  })

  test('forbids it where nobody can say what is applied there', () => {
    expect(outcomeOf(down([stateOf(auth, 2)], 'base', { unknown: [specs] }))).toEqual([
      "dependent-unknown: 001_it of auth can't be undone: nobody knows whether specs@003 is applied.",
    ])
    expect(outcomeOf(down([stateOf(auth, 2)], '-1', { unknown: [specs] }))).toEqual(['auth@002'])
  })
})

test('a step carries its ledger row, and waits for what needs it', () => {
  const plan = down(states(), 'base')
  const steps = plan.kind === 'steps' ? plan.steps : []
  expect(steps.map(({ needs }) => needs)).toEqual([[], [], ['specs@004'], ['auth@002', 'specs@003']])
  expect(steps.map((step) => (step.kind === 'downgrade' ? step.row.name : ''))).toEqual([
    '002_it',
    '004_it',
    '003_it',
    '001_it',
  ])
})

describe('there is no way down', () => {
  test.each([
    ['-1', 'relative-unscoped: "-1" doesn\'t say in which database.'],
    ['auth@+1', 'relative-direction: "auth@+1" leads the wrong way.'],
    ['auth@-3', 'relative-too-far: "auth@-3" goes too far: from 002 auth has only 2 in that direction.'],
    ['005', 'unknown-revision: There is no revision "005" in auth or specs.'],
  ])('with %s', (word, finding) => {
    expect(outcomeOf(down(states(), word))).toEqual([finding])
  })

  test('to a revision that is not applied', () => {
    expect(outcomeOf(down(states(2, 1), '004'))).toEqual([
      'not-applied: specs can\'t go back to "004": 004 isn\'t applied.',
    ])
    expect(outcomeOf(down(states(0, 0), 'auth@-1'))).toEqual([
      'relative-too-far: "auth@-1" goes too far: from base auth has no step in that direction.',
    ])
  })

  test('while the ledger disagrees', () => {
    expect(outcomeOf(down([stateOf(auth, 2, { checksum: 'another' })], '-1'))).toEqual([
      'divergent: 001_it of auth was edited after it had been applied.',
      'divergent: 002_it of auth was edited after it had been applied.',
    ])
  })
})

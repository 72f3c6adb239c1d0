import { expect, test } from '@jest/globals'
import { assumeAt } from './assume.ts'
import type { DatabaseState } from './state.ts'
import { line, revision, stateOf } from './testing/make.ts'
import { outcomeOf, target, up } from './testing/plans.ts'

const states = [
  stateOf(line('auth', '001', '002'), 2),
  stateOf(
    {
      database: 'specs',
      revisions: [
        revision('specs', '003', { dependsOn: [{ database: 'auth', id: '001' }] }),
        revision('specs', '004', { parents: ['003'] }),
      ],
    },
    0,
  ),
]
const both = new Set(['auth', 'specs'])
const at = (word: string): readonly DatabaseState[] => {
  const assumed = assumeAt(states, both, target(word))
  return assumed.kind === 'found' ? assumed.value : []
}

test('a script for A:B begins at A, whatever is applied', () => {
  expect(outcomeOf(up(at('base'), ['002']))).toEqual(['auth@001', 'auth@002'])
  expect(outcomeOf(up(at('001'), ['002']))).toEqual(['auth@002'])
})

test('what A needs in another database is taken to be there', () => {
  expect(at('003').map(({ current }) => current)).toEqual([['001'], ['003']])
  expect(outcomeOf(up(at('003'), ['specs@head']))).toEqual(['specs@004'])
})

test('an A that is not there is a finding', () => {
  expect(assumeAt(states, both, target('009')).kind).toBe('unknown-revision')
})

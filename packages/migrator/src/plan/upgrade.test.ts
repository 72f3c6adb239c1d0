import { describe, expect, test } from '@jest/globals'
import { line, revision, stateOf } from './testing/make.ts'
import { outcomeOf, up } from './testing/plans.ts'

const auth = line('auth', '001', '002')
const specs = {
  database: 'specs',
  revisions: [
    revision('specs', '003', { dependsOn: [{ database: 'auth', id: '001' }] }),
    revision('specs', '004', { parents: ['003'] }),
    revision('specs', '005', { parents: ['004'], dependsOn: [{ database: 'auth', id: '002' }] }),
  ],
}
const states = (inAuth = 0, inSpecs = 0) => [stateOf(auth, inAuth), stateOf(specs, inSpecs)]

describe('an upgrade to', () => {
  test('a bare revision goes to the one history that has it, and brings what it needs', () => {
    expect(outcomeOf(up(states(), ['004']))).toEqual(['auth@001', 'specs@003', 'specs@004'])
    expect(outcomeOf(up(states(), ['002']))).toEqual(['auth@001', 'auth@002'])
  })

  test('several targets goes to all of them', () => {
    expect(outcomeOf(up(states(), ['002', '003']))).toEqual(['auth@001', 'specs@003', 'auth@002'])
  })

  test('NAME@head brings what it needs in another database', () => {
    expect(outcomeOf(up(states(), ['specs@head']))).toEqual([
      'auth@001',
      'auth@002',
      'specs@003',
      'specs@004',
      'specs@005',
    ])
  })

  test('NAME@+N counts from where that database stands', () => {
    expect(outcomeOf(up(states(1, 1), ['specs@+1']))).toEqual(['specs@004'])
    expect(outcomeOf(up(states(1, 1), ['specs@+2']))).toEqual(['auth@002', 'specs@004', 'specs@005'])
    expect(outcomeOf(up(states(), ['auth@+1']))).toEqual(['auth@001'])
  })

  test('+N needs no name where one database is selected', () => {
    expect(outcomeOf(up(states(), ['+1'], ['auth']))).toEqual(['auth@001'])
  })

  test('REV+N, REV-N, head-N and base+N counts from there', () => {
    expect(outcomeOf(up(states(), ['001+1']))).toEqual(['auth@001', 'auth@002'])
    expect(outcomeOf(up(states(1), ['005-1']))).toEqual(['specs@003', 'specs@004'])
    expect(outcomeOf(up(states(), ['auth@head-1']))).toEqual(['auth@001'])
    expect(outcomeOf(up(states(), ['auth@base+1']))).toEqual(['auth@001'])
  })

  test('what is applied, and to base, is nothing to do', () => {
    expect(outcomeOf(up(states(2, 2), ['003', '001', 'auth@head']))).toEqual([])
    expect(outcomeOf(up(states(), ['base']))).toEqual([])
  })

  test('a revision fills the gaps below it, as Prisma may have left them', () => {
    const gap = stateOf(line('x', '1', '2', '3'), new Set(['1', '3']))
    expect(outcomeOf(up([gap], ['3']))).toEqual(['x@2'])
  })

  test('heads takes several of them, and head does not', () => {
    const fork = {
      database: 'x',
      revisions: [
        revision('x', '1'),
        revision('x', '2', { parents: ['1'] }),
        revision('x', '3', { parents: ['1'] }),
      ],
    }
    expect(outcomeOf(up([stateOf(fork, 0)], ['heads']))).toEqual(['x@1', 'x@3', 'x@2'])
    expect(outcomeOf(up([stateOf(fork, 0)], ['head']))).toEqual([
      'multiple-heads: The history of x has several heads: 2, 3.',
    ])
    const other = {
      ...fork,
      database: 'y',
      revisions: fork.revisions.map((each) => ({ ...each, database: 'y' })),
    }
    expect(outcomeOf(up([stateOf(fork, 0), stateOf(other, 0)], ['head']))).toEqual([
      'multiple-heads: The history of x has several heads: 2, 3.',
      'multiple-heads: The history of y has several heads: 2, 3.',
    ])
    expect(outcomeOf(up([stateOf(fork, 0)], ['2']))).toEqual(['x@1', 'x@2'])
    expect(outcomeOf(up([stateOf(fork, 1)], ['+1']))).toEqual([
      'relative-ambiguous: "+1" is ambiguous in x: at 1 it could go to 2 or 3.',
    ])
    expect(outcomeOf(up([stateOf(fork, 3)], ['+1']))).toEqual([
      'relative-ambiguous: "+1" is ambiguous in x: it stands at 2 or 3.',
    ])
  })

  test('NAME@heads works where one of them depends on another', () => {
    const history = {
      database: 'x',
      revisions: [revision('x', '1'), revision('x', '2', { dependsOn: [{ database: 'x', id: '1' }] })],
    }
    expect(outcomeOf(up([stateOf(history, 0)], ['x@heads']))).toEqual(['x@1', 'x@2'])
  })
})

describe('a revision may be shortened', () => {
  const hashes = stateOf(line('x', '3fa1c9', '3fb2d8', '77aa01'), 0)

  test('as far as exactly one fits', () => {
    expect(outcomeOf(up([hashes], ['3fb']))).toEqual(['x@3fa1c9', 'x@3fb2d8'])
    expect(outcomeOf(up([hashes], ['3f']))).toEqual([
      'ambiguous-revision: "3f" fits 2 revisions: x@3fa1c9, x@3fb2d8.',
    ])
  })

  test('unless it has three characters only', () => {
    expect(outcomeOf(up([stateOf(line('x', '001', '100'), 0)], ['1']))).toEqual([
      'unknown-revision: There is no revision "1" in x.',
    ])
  })

  test('and a whole id goes before a longer one', () => {
    expect(outcomeOf(up([stateOf(line('x', '3fa1', '3fa1c9'), 0)], ['3fa1']))).toEqual(['x@3fa1'])
  })

  test('and may hold what else would be steps', () => {
    expect(outcomeOf(up([stateOf(line('x', '2025-11-06', '2025-11-07'), 0)], ['2025-11-07']))).toEqual([
      'x@2025-11-06',
      'x@2025-11-07',
    ])
  })
})

describe('there is no way up', () => {
  test.each([
    ['+1', 'relative-unscoped: "+1" doesn\'t say in which database.'],
    ['head-1', 'relative-unscoped: "head-1" doesn\'t say in which database.'],
    ['auth@-1', 'relative-direction: "auth@-1" leads the wrong way.'],
    ['auth@+3', 'relative-too-far: "auth@+3" goes too far: from base auth has only 2 in that direction.'],
    ['002+1', 'relative-too-far: "002+1" goes too far: from 002 auth has no step in that direction.'],
    ['001-1', 'relative-too-far: "001-1" goes too far: from 001 auth has no step in that direction.'],
    ['009', 'unknown-revision: There is no revision "009" in auth or specs.'],
    ['specs@001', 'unknown-revision: There is no revision "specs@001" in specs.'],
  ])('with %s', (word, finding) => {
    expect(outcomeOf(up(states(), [word]))).toEqual([finding])
  })

  test('when an id is that of two histories and no database is named', () => {
    const two = [stateOf(line('a', '001'), 0), stateOf(line('b', '001'), 0)]
    expect(outcomeOf(up(two, ['001']))).toEqual(['ambiguous-revision: "001" fits 2 revisions: a@001, b@001.'])
    expect(outcomeOf(up(two, ['b@001']))).toEqual(['b@001'])
  })

  test('to a revision of a database that is left out', () => {
    expect(outcomeOf(up(states(), ['003'], ['auth']))).toEqual([
      'unknown-revision: There is no revision "003" in auth.',
    ])
    expect(outcomeOf(up(states(), ['specs@head'], ['auth']))).toEqual([
      'unknown-revision: There is no revision "specs@head" in auth.',
    ])
  })

  test('when what it needs is in a database that is left out', () => {
    expect(outcomeOf(up(states(), ['003'], ['specs']))).toEqual([
      "dependency-unmet: 003_it of specs needs auth@001, which isn't applied.",
    ])
    expect(outcomeOf(up(states(1), ['005'], ['specs']))).toEqual([
      "dependency-unmet: 005_it of specs needs auth@002, which isn't applied.",
    ])
  })

  test('while the ledger of a database that is concerned disagrees, and only then', () => {
    const divergent = [stateOf(auth, 1, { checksum: 'another' }), stateOf(specs, 1)]
    expect(outcomeOf(up(divergent, ['004']))).toEqual(['specs@004'])
    expect(outcomeOf(up(divergent, ['005']))).toEqual([
      'divergent: 001_it of auth was edited after it had been applied.',
    ])
  })
})

test('what an applied revision needs of another database is not asked for again', () => {
  expect(outcomeOf(up([stateOf(specs, 1)], ['004']))).toEqual(['specs@004'])
})

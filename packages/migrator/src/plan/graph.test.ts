import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { History } from '../history/revision.ts'
import { explainFinding } from './findings.ts'
import { makeGraph } from './graph.ts'
import { checkNameOrder } from './name-order.ts'
import { line, revision } from './testing/make.ts'
import { drawGraph, makeRandom } from './testing/random-graph.ts'

const findingsOf = (...histories: readonly History[]) =>
  makeGraph(histories).findings.map((finding) => {
    const { what, why, fix } = explainFinding(finding)
    return `${finding.kind}: ${what} ${why} ${fix}`
  })

const unknownParent =
  'The header says `revises` or `depends-on` with an id that no directory has. ' +
  'It stands in /x/2_it/migration.sql ' +
  'Correct the header, or restore the missing directory.'

describe('a graph finds', () => {
  test('a circle, and names its files', () => {
    const circle = [revision('x', '1', { parents: ['2'] }), revision('x', '2', { parents: ['1'] })]
    expect(findingsOf({ database: 'x', revisions: circle })).toEqual([
      'cycle: Revisions of x depend on each other in a circle: x@1 → x@2 → x@1. ' +
        'No order exists in which they could be applied. ' +
        'Correct `revises` and `depends-on` in the header of one of these: /x/1_it/migration.sql, /x/2_it/migration.sql',
    ])
  })

  test('a circle across databases, and a revision that needs itself', () => {
    const one = {
      database: 'x',
      revisions: [revision('x', '1', { dependsOn: [{ database: 'y', id: '2' }] })],
    }
    const two = {
      database: 'y',
      revisions: [revision('y', '2', { dependsOn: [{ database: 'x', id: '1' }] })],
    }
    expect(makeGraph([one, two]).findings.map(({ kind }) => kind)).toEqual(['cycle'])
    const self = { database: 'x', revisions: [revision('x', '1', { parents: ['1'] })] }
    expect(makeGraph([self]).findings).toEqual([
      { kind: 'cycle', database: 'x', revisions: ['x@1', 'x@1'], paths: ['/x/1_it'] },
    ])
  })

  test('a parent and a dependency that are not there, and names the file', () => {
    const orphan = revision('x', '2', { parents: ['1'], dependsOn: [{ database: 'y', id: '7' }] })
    expect(findingsOf({ database: 'x', revisions: [orphan] }, line('y', '6'))).toEqual([
      `unknown-parent: 2_it of x names x@1, and there is no such revision. ${unknownParent}`,
      `unknown-parent: 2_it of x names y@7, and there is no such revision. ${unknownParent}`,
    ])
  })

  test('no fault in a dependency on a database of which it knows nothing', () => {
    const history = {
      database: 'x',
      revisions: [revision('x', '2', { dependsOn: [{ database: 'y', id: '7' }] })],
    }
    expect(findingsOf(history)).toEqual([])
  })

  test('two directories of one revision, and names both', () => {
    const twice = [revision('x', '1', { name: '1_a' }), revision('x', '1', { name: '1_b' })]
    expect(findingsOf({ database: 'x', revisions: twice })).toEqual([
      'duplicate-revision: x has the revision 1 2 times: /x/1_a, /x/1_b. ' +
        'A revision is what stands before the first underscore, and names exactly one directory. Give the newer directory the next free number.',
    ])
  })

  test('a circle wherever one edge of a random graph is turned round', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, edge) => {
        const { histories } = drawGraph(makeRandom(seed), { revisions: 20, databases: 2, severalBases: true })
        const needing = makeGraph(histories).nodes.filter(({ needs }) => needs.length > 0)
        fc.pre(needing.length > 0)
        const top = needing[edge % needing.length]
        const need = top?.needs[edge % (top.needs.length || 1)]
        const turned = histories.map(({ database, revisions }) => ({
          database,
          revisions: revisions.map((each) =>
            each === need?.revision && top ? { ...each, dependsOn: [...each.dependsOn, top.revision] } : each,
          ),
        }))
        expect(makeGraph(histories).findings).toEqual([])
        expect(makeGraph(turned).findings.map(({ kind }) => kind)).toContain('cycle')
      }),
    )
  })
})

describe('the order of names', () => {
  test('is right where each revision sorts after what it needs', () => {
    expect(checkNameOrder(line('x', '001', '002', '003'))).toEqual([])
  })

  test('is a finding where Prisma would apply a revision before its parent', () => {
    const history = {
      database: 'x',
      revisions: [revision('x', '001'), revision('x', '002', { parents: ['003'] }), revision('x', '003')],
    }
    expect(checkNameOrder(history).map((finding) => explainFinding(finding).what)).toEqual([
      '002_it of x sorts before 003_it, which it needs.',
    ])
  })

  test('says nothing of what another database needs', () => {
    const revisions = [revision('x', '001', { dependsOn: [{ database: 'y', id: '009' }] })]
    expect(checkNameOrder({ database: 'x', revisions })).toEqual([])
  })
})

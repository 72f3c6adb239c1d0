import { describe, expect, test } from '@jest/globals'
import { catalogDifferences } from './catalog-snapshot.ts'

const snapshot = (objects: Record<string, string>) => new Map(Object.entries(objects))

describe('catalogDifferences', () => {
  test('finds nothing between equal snapshots, whatever their order', () => {
    expect(catalogDifferences(snapshot({ a: '1', b: '2' }), snapshot({ b: '2', a: '1' }))).toEqual([])
  })

  test('says what came, what went and what changed, sorted by object', () => {
    expect(
      catalogDifferences(
        snapshot({ kept: '=', gone: 'x', other: '1' }),
        snapshot({ kept: '=', new: 'y', other: '2' }),
      ),
    ).toEqual([
      { kind: 'removed', object: 'gone', before: 'x' },
      { kind: 'added', object: 'new', after: 'y' },
      { kind: 'changed', object: 'other', before: '1', after: '2' },
    ])
  })

  test('an empty definition is not a missing object', () => {
    expect(catalogDifferences(snapshot({}), snapshot({ a: '' }))).toEqual([
      { kind: 'added', object: 'a', after: '' },
    ])
  })
})

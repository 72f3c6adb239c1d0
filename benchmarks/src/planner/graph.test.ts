import { describe, expect, test } from '@jest/globals'
import { makeGraph } from './graph.ts'

describe('the graph that is planned', () => {
  const graph = makeGraph(1000)

  test('has as many revisions as asked for, each after its parents', () => {
    expect(graph).toHaveLength(1000)
    const seen = new Set<string>()
    for (const { id, parents } of graph) {
      expect(parents.every((parent) => seen.has(parent))).toBe(true)
      seen.add(id)
    }
    expect(seen.size).toBe(1000)
  })

  test('branches and merges, and has one base and one head', () => {
    const parents = new Set(graph.flatMap((node) => node.parents))
    expect(graph.filter(({ id }) => !parents.has(id)).map(({ id }) => id)).toEqual(['001000'])
    expect(graph.filter((node) => node.parents.length === 0)).toHaveLength(1)
    expect(graph.filter((node) => node.parents.length === 2)).toHaveLength(10)
    expect(new Set(graph.flatMap((node) => node.parents)).size).toBe(999)
  })
})

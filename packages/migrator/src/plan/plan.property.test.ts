import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeGraph, needsOf, refOf } from './graph.ts'
import type { Plan } from './plan.ts'
import { line, stateOf } from './testing/make.ts'
import { down, outcomeOf, up } from './testing/plans.ts'
import { drawGraph, makeRandom } from './testing/random-graph.ts'

const graphs = fc.record({ seed: fc.integer(), revisions: fc.integer({ min: 1, max: 40 }) }).map((drawn) => {
  const graph = drawGraph(makeRandom(drawn.seed), { ...drawn, databases: 3, severalBases: true })
  return { ...graph, states: graph.histories.map((history) => stateOf(history, graph.applied)) }
})

const stepsOf = (plan: Plan) => {
  if (plan.kind === 'blocked') throw new Error(outcomeOf(plan).join('\n'))
  return plan.steps
}

describe('whatever the graph', () => {
  test('an upgrade to the heads applies all that is pending, once, and after all that it needs', () => {
    fc.assert(
      fc.property(graphs, ({ states }) => {
        const done = new Set(states.flatMap(({ applied }) => applied.map(refOf)))
        for (const { revision } of stepsOf(up(states, ['heads']))) {
          expect(done).not.toContain(refOf(revision))
          for (const need of needsOf(revision)) expect(done).toContain(need)
          done.add(refOf(revision))
        }
        expect(done.size).toBe(states.flatMap(({ history }) => history.revisions).length)
      }),
    )
  })

  test('a downgrade undoes only what is applied, once, and after all that needs it', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), ({ states }, choice) => {
        const applied = new Set(states.flatMap((state) => state.applied.map(refOf)))
        const words = ['base', ...applied]
        const { nodes } = makeGraph(states.map(({ history }) => history))
        for (const step of stepsOf(down(states, words[choice % words.length] ?? '', { cascade: true }))) {
          const ref = refOf(step.revision)
          expect(applied).toContain(ref)
          const neededBy = nodes.find((node) => node.ref === ref)?.neededBy.map((node) => node.ref) ?? []
          expect(neededBy.filter((above) => applied.has(above))).toEqual([])
          applied.delete(ref)
        }
      }),
    )
  })

  test('a downgrade without cascade stays in its database, or is refused', () => {
    fc.assert(
      fc.property(graphs, ({ states }) => {
        for (const { database } of states) {
          const alone = down(states, `${database}@base`)
          const others = stepsOf(down(states, `${database}@base`, { cascade: true })).filter(
            (step) => step.database !== database,
          )
          if (others.length === 0) expect(alone.kind).toBe('steps')
          else expect(alone).toMatchObject({ findings: [{ kind: 'dependent-applied' }, ...more(alone)] })
        }
      }),
    )
  })

  test('what is brought up to a revision is there exactly when nothing is left to do', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), ({ states }, choice) => {
        const refs = states.flatMap(({ history }) => history.revisions.map(refOf))
        const goal = refs[choice % refs.length] ?? ''
        const ids = new Set([
          ...states.flatMap(({ applied }) => applied.map(({ id }) => id)),
          ...stepsOf(up(states, [goal])).map(({ revision }) => revision.id),
        ])
        const after = states.map(({ history }) => stateOf(history, ids))
        expect(stepsOf(up(after, [goal]))).toEqual([])
        expect(after.flatMap(({ applied }) => applied.map(refOf))).toContain(goal)
      }),
    )
  })
})

const more = (plan: Plan) => (plan.kind === 'blocked' ? plan.findings.slice(1) : [])

describe('a long history', () => {
  const made = (length: number) => {
    const id = (index: number) => String(index).padStart(6, '0')
    const [a, b] = [
      line('a', ...Array.from({ length }, (_, index) => id(index))),
      line('b', ...Array.from({ length }, (_, index) => id(index))),
    ]
    const crossing = b.revisions.map((each, index) =>
      index % 2 === 0
        ? { ...each, dependsOn: [0, 4].map((by) => ({ database: 'a', id: id(Math.max(0, index - by)) })) }
        : each,
    )
    return [a, { ...b, revisions: crossing }]
  }
  /** How often a planner looks something up; unlike time, the same on every machine. */
  const lookUps = (length: number) => {
    const histories = made(length)
    const states = histories.map((history) => stateOf(history, 0))
    const applied = histories.map((history) => stateOf(history, length))
    return countingCalls(
      [
        [Map.prototype, 'get'],
        [Map.prototype, 'has'],
        [Set.prototype, 'add'],
        [Set.prototype, 'has'],
        [Array.prototype, 'includes'],
        [Array.prototype, 'indexOf'],
        [Array.prototype, 'filter'],
        [Array.prototype, 'find'],
      ],
      () => {
        expect(stepsOf(up(states, ['head']))).toHaveLength(2 * length)
        expect(stepsOf(down(applied, 'a@base', { cascade: true }))).toHaveLength(2 * length)
      },
    )
  }

  test('costs in proportion to its length', () => {
    const [short, long] = [lookUps(500), lookUps(5000)]
    expect(short).toBeGreaterThan(10_000)
    expect(long).toBeLessThan(short * 10.5)
  })
})

type Method = readonly [owner: object, name: string]

function countingCalls(methods: readonly Method[], work: () => void): number {
  let calls = 0
  const originals = methods.map(([owner, name]) => {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') throw new Error(`${name} is no method`)
    const counting = function (this: unknown, ...args: readonly unknown[]): unknown {
      calls++
      return Reflect.apply(original, this, args)
    }
    Reflect.set(owner, name, counting)
    return () => Reflect.set(owner, name, original)
  })
  try {
    work()
  } finally {
    for (const restore of originals) restore()
  }
  return calls
}

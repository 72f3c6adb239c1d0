import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { rollOut } from './roll-out.ts'
import { makeSlots } from './slots.ts'
import { makeTarget, makeUnit } from './testing/make.ts'
import type { Unit } from './units.ts'

const units = (...names: readonly string[]) => names.map((name) => makeUnit(makeTarget(`t/${name}`)))
const nameOf = ({ name }: Unit) => name.slice(2)

/** Works on stages; those whose names begin with `x` fail. Tells the kinds, and what was under way at once. */
async function run(
  stages: readonly (readonly Unit[])[],
  jobs: number,
  maxFailures = Number.POSITIVE_INFINITY,
) {
  const slots = makeSlots(jobs)
  const together: string[] = []
  const under = new Set<string>()
  const results = await rollOut(
    stages,
    async (unit) => {
      under.add(nameOf(unit))
      together.push([...under].join('+'))
      await turn()
      under.delete(nameOf(unit))
      return nameOf(unit)
    },
    { slots, jobs, maxFailures, failureIn: (name) => (name.startsWith('x') ? `no ${name}` : undefined) },
  )
  expect(Array.from({ length: jobs }, () => slots.take() !== undefined)).not.toContain(false)
  return { kinds: results.map(({ unit, kind }) => `${nameOf(unit)} ${kind}`), together }
}

describe('a roll-out', () => {
  test('has as many units under way as there are jobs, and no more', async () => {
    const { kinds, together } = await run([units('a', 'b', 'c')], 2)
    expect(kinds).toEqual(['a done', 'b done', 'c done'])
    expect(together).toEqual(['a', 'a+b', 'b+c'])
  })

  test('goes on after a failure, but not to the next stage', async () => {
    const { kinds } = await run([units('xa', 'b'), units('c')], 1)
    expect(kinds).toEqual(['xa failed', 'b done', 'c not-begun'])
  })

  test('begins nothing more after too many failures', async () => {
    const { kinds } = await run([units('a', 'xb', 'xc', 'd')], 1, 2)
    expect(kinds).toEqual(['a done', 'xb failed', 'xc failed', 'd not-begun'])
  })

  test('keeps what a failed unit came to', async () => {
    const options = { slots: makeSlots(1), jobs: 1, maxFailures: 9 }
    const [kept] = await rollOut([units('a')], async () => 7, { ...options, failureIn: () => 'why' })
    expect(kept).toMatchObject({ kind: 'failed', error: 'why', value: 7 })
    const thrown = new Error('thrown')
    const [lost] = await rollOut([units('a')], () => Promise.reject(thrown), {
      ...options,
      failureIn: () => undefined,
    })
    expect(lost).toEqual({ kind: 'failed', unit: expect.anything(), error: thrown })
  })

  test('lets units in one physical database take turns', async () => {
    const [one, other] = ['one', 'other'].map((name) => makeUnit(makeTarget(`t/${name}`, 'shared')))
    if (!one || !other) throw new Error('there are two')
    const { together } = await run([[one, other, ...units('c')]], 3)
    expect(together).toEqual(['one', 'one+c', 'c+other'])
  })

  test('holds a connection for each database of a unit', async () => {
    const both = makeUnit(makeTarget('t/a'), makeTarget('u/a'))
    const { together } = await run([[...units('b'), both, ...units('c')]], 2)
    expect(together).toEqual(['b', 'a, u/a', 'c'])
  })
})

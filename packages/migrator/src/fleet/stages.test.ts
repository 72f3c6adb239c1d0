import { describe, expect, test } from '@jest/globals'
import { type Canary, stagesOf } from './stages.ts'
import { makeTarget, makeUnit } from './testing/make.ts'

const singles = makeUnit(makeTarget('auth'), makeTarget('specs'))
const members = ['ada', 'bob', 'cyd'].map((name) => makeUnit(makeTarget(`tenants/${name}`)))
const stages = (canary: Canary, direction: 'upgrade' | 'downgrade' = 'upgrade') =>
  stagesOf([singles, ...members], canary, direction).map((stage) => stage.map(({ name }) => name))

const one: Canary = { kind: 'first', count: 1 }

describe('stages', () => {
  test('are the single databases, the canary and the rest on the way up', () => {
    expect(stages(one)).toEqual([['auth, specs'], ['tenants/ada'], ['tenants/bob', 'tenants/cyd']])
  })

  test('end with the single databases on the way back', () => {
    expect(stages(one, 'downgrade')).toEqual([
      ['tenants/ada'],
      ['tenants/bob', 'tenants/cyd'],
      ['auth, specs'],
    ])
  })

  test.each<[Canary, readonly (readonly string[])[]]>([
    [{ kind: 'first', count: 0 }, [['tenants/ada', 'tenants/bob', 'tenants/cyd']]],
    [{ kind: 'first', count: 5 }, [['tenants/ada', 'tenants/bob', 'tenants/cyd']]],
    [{ kind: 'named', name: 'bob' }, [['tenants/bob'], ['tenants/ada', 'tenants/cyd']]],
    [{ kind: 'named', name: 'tenants/cyd' }, [['tenants/cyd'], ['tenants/ada', 'tenants/bob']]],
  ])('with the canary %j have the members %j', (canary, expected) => {
    expect(stages(canary).slice(1)).toEqual(expected)
  })

  test('refuse a canary that is no member', () => {
    expect(() => stages({ kind: 'named', name: 'auth' })).toThrow('There is no database "auth"')
  })

  test('have no canary where there is no list', () => {
    expect(stagesOf([singles], { kind: 'named', name: 'ada' }, 'upgrade')).toEqual([[singles]])
  })
})

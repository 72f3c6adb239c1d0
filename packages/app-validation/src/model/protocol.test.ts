import { describe, expect, test } from '@jest/globals'
import { exploreProtocol, type Scope } from './protocol.ts'
import { type Protocol, wholeProtocol } from './state.ts'

const scopes: Readonly<Record<string, Scope>> = {
  'two REPEATABLE READ writers, one with the snapshot of the other': {
    isolations: ['repeatable read', 'repeatable read'],
    users: 1,
    crashes: 0,
    kills: 1,
  },
  'two writers of either isolation level, and a crash of the source': {
    isolations: ['repeatable read', 'read committed'],
    users: 1,
    crashes: 1,
    kills: 1,
  },
  'two users whose deletes commit in any order, and a crash of the source': {
    isolations: ['read committed'],
    users: 2,
    crashes: 1,
    kills: 1,
  },
}

describe('the whole protocol is sound with', () => {
  test.each(Object.entries(scopes))('%s', (_, scope) => {
    const exploration = exploreProtocol(wholeProtocol, scope)
    expect(exploration).toEqual({ kind: 'sound', states: expect.any(Number) })
    if (exploration.kind === 'sound') expect(exploration.states).toBeGreaterThan(1_000)
  })
})

describe('each part is needed: a violation is found without', () => {
  const parts = Object.keys(wholeProtocol) as (keyof Protocol)[]
  test.each(parts)('the %s', (part) => {
    const found = Object.values(scopes).map((scope) =>
      exploreProtocol({ ...wholeProtocol, [part]: false }, scope),
    )
    expect(found.some(({ kind }) => kind === 'violation')).toBe(true)
  })
})

test('a violation comes with a shortest way to it', () => {
  const [scope] = Object.values(scopes)
  if (!scope) throw new Error('there are scopes')
  const exploration = exploreProtocol(
    { ...wholeProtocol, fence: false, barrier: false },
    { ...scope, kills: 0 },
  )
  expect(exploration).toMatchObject({
    kind: 'violation',
    trace: expect.arrayContaining(['writer 0 finds the user', 'the tombstones are committed']),
  })
})

import { describe, expect, test } from '@jest/globals'
import { ownDifferences, renderDifference } from './compare.ts'

const made = new Map([
  ['schema public', '{}'],
  ['table public.a', '{"kind":"r"}'],
  ['existence of table public.a', ''],
])
const differences = (live: Record<string, string>, without: readonly string[] = []) =>
  ownDifferences(
    made,
    new Map([...made, ...Object.entries(live)].filter(([object]) => !without.includes(object))),
  ).map(renderDifference)

describe('what differs from a history', () => {
  test('is said once, from the side of the database', () => {
    expect(differences({ 'table public.b': '{}', 'existence of table public.b': '' })).toEqual([
      '  + table public.b: only in the database',
    ])
    expect(differences({}, ['table public.a', 'existence of table public.a'])).toEqual([
      '  - table public.a: not in the database',
    ])
    expect(differences({ 'table public.a': '{"kind":"v"}' })).toEqual([
      '  ~ table public.a\n      history   {"kind":"r"}\n      database  {"kind":"v"}',
    ])
    expect(differences({ 'existence of cast x': '' })).toEqual(['  + cast x: only in the database'])
  })

  test('is not the ledger, nor who may connect', () => {
    expect(differences({ 'table public._prisma_migrations': '', 'privileges of the database': 'x' })).toEqual(
      [],
    )
  })

  test('is not what lives in a schema of its own, nor a trigger that calls there', () => {
    expect(
      differences({
        'schema guard': '',
        'existence of schema guard': '',
        'function guard.check()': '',
        'trigger t on public.a': '{"sql":"CREATE TRIGGER t … EXECUTE FUNCTION guard.check()"}',
        'existence of trigger t on public.a': '',
      }),
    ).toEqual([])
    expect(differences({ 'trigger t on public.a': 'EXECUTE FUNCTION public.f()' })).toHaveLength(1)
  })
})

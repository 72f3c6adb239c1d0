import { describe, expect, test } from '@jest/globals'
import { asksLedger, parseRange, parseTarget, toBase, toHeads } from './target.ts'

const labels = new Map([
  ['auth', 'socrates_auth'],
  ['socrates_auth', 'socrates_auth'],
])
const nameDatabase = (word: string): string => {
  const name = labels.get(word)
  if (name === undefined) throw new Error(`no database ${word}`)
  return name
}
const parse = (text: string) => parseTarget(text, nameDatabase)

describe('a target', () => {
  test.each([
    ['head', { anchor: { kind: 'head' } }],
    ['heads', { anchor: { kind: 'heads' } }],
    ['base', { anchor: { kind: 'base' } }],
    ['current', { anchor: { kind: 'current' } }],
    ['005', { anchor: { kind: 'revision', id: '005' } }],
    ['+2', { steps: 2 }],
    ['-1', { steps: -1 }],
    ['005+2', { anchor: { kind: 'revision', id: '005' }, steps: 2 }],
    ['head-1', { anchor: { kind: 'head' }, steps: -1 }],
    ['20251107120000-3', { anchor: { kind: 'revision', id: '20251107120000' }, steps: -3 }],
  ])('%s', (text, meaning) => {
    expect(parse(text)).toEqual({ text, word: text, ...meaning })
    expect(parse(`auth@${text}`)).toEqual({
      text: `auth@${text}`,
      word: text,
      database: 'socrates_auth',
      ...meaning,
    })
  })

  test.each(['', '@head', 'auth@', '0 05', '+0', 'auth@-0'])('%j is refused', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'target.malformed', exitCode: 2 }))
  })

  test.each([
    ['003:005', '005'],
    ['003:', 'head'],
  ])('%s is refused as a range, whose end %s may be meant', (text, end) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'target.is-range', exitCode: 2, fix: `Say the end alone: ${end}` }),
    )
  })

  test('names a database of the catalog', () => {
    expect(() => parse('nowhere@head')).toThrow('no database nowhere')
  })

  test('asks the ledger when it counts from where the database stands', () => {
    expect(['+1', 'auth@-1', 'current', 'current+1'].map((text) => asksLedger(parse(text)))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['head', '005', '005+1', 'base+1', 'head-1'].map((text) => asksLedger(parse(text)))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('a range', () => {
  test('has two ends', () => {
    expect(parseRange('003:auth@head', nameDatabase)).toEqual({ from: parse('003'), to: parse('auth@head') })
  })

  test('goes from base, or up to the heads, where an end is left out', () => {
    expect(parseRange(':005', nameDatabase)).toEqual({ from: toBase, to: parse('005') })
    expect(parseRange('005:', nameDatabase)).toEqual({ from: parse('005'), to: toHeads })
  })

  test.each(['005', '1:2:3', '', '@:005'])('%j is refused', (text) => {
    expect(() => parseRange(text, nameDatabase)).toThrow(
      expect.objectContaining({ code: 'target.malformed' }),
    )
  })
})

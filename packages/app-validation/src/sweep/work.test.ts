import { describe, expect, test } from '@jest/globals'
import { halve, makeWork } from './work.ts'

const piece = (...ids: string[]) => ({ source: 'auth', target: 'public.users.id', ids })

describe('work', () => {
  test('is taken in pieces of one target', () => {
    const work = makeWork([piece('1', '2', '3'), piece(), piece('4')])
    expect([work.take(2), work.take(2), work.take(2), work.take(2)]).toEqual([
      piece('1', '2'),
      piece('3'),
      piece('4'),
      undefined,
    ])
  })

  test('that is given back goes first', () => {
    const work = makeWork([piece('1', '2', '3')])
    work.take(2)
    work.giveBack(piece('1'), piece(), piece('2'))
    expect([work.take(9), work.take(9), work.take(9)]).toEqual([piece('1'), piece('2'), piece('3')])
  })

  test('halves down to single ids', () => {
    expect(halve(piece('1', '2', '3'))).toEqual([piece('1'), piece('2', '3')])
    expect(halve(piece('1'))).toEqual([])
  })
})

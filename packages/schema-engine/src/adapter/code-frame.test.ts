import { describe, expect, test } from '@jest/globals'
import { codeFrame } from './code-frame.ts'

const script = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n'

describe('the code frame', () => {
  test('leads to the line of the position', () => {
    expect(codeFrame(script, '9')).toBe(' 1  one\n 2  two\n 3> three')
  })

  test('shows five lines before it', () => {
    expect(codeFrame(script, '29')).toBe(' 2  two\n 3  three\n 4  four\n 5  five\n 6  six\n 7> seven')
  })

  test('counts characters, not units of UTF-16', () => {
    expect(codeFrame('😀😀\nx', '4')).toBe(' 1  😀😀\n 2> x')
  })

  test.each([undefined, '', '0', 7])('is not there without a position: %j', (position) => {
    expect(codeFrame(script, position)).toBeUndefined()
  })
})

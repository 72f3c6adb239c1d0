import { describe, expect, test } from '@jest/globals'
import { locate } from './code-frame.ts'

describe('the place of an error', () => {
  test('is the line and column that PostgreSQL counts in characters', () => {
    const script = "-- ü😀\nSELECT 'é😀',\n  oops;\nSELECT 2;"
    const position = [...script.slice(0, script.indexOf('oops'))].length + 1
    expect(locate(script, position)).toMatchObject({ line: 3, column: 3 })
  })

  test('is shown with the lines around it and a caret', () => {
    expect(locate('SELECT 1;\nSELECT oops;\nSELECT 3;', 18).frame).toBe(
      ['  1 | SELECT 1;', '> 2 | SELECT oops;', '    |        ^', '  3 | SELECT 3;'].join('\n'),
    )
  })

  test('keeps the caret under its character where tabs stand before it', () => {
    expect(locate('\t\toops', 3).frame).toBe(['> 1 | \t\toops', '    | \t\t^'].join('\n'))
  })

  test.each([
    ['an umlaut', 'ü', ' '],
    ['an umlaut of two characters', 'u\u0308', ' '],
    ['an emoji', '😀', '  '],
    ['an ideograph', '名', '  '],
  ])('keeps it there after %s', (_, text, blank) => {
    expect(locate(`${text}oops`, [...text].length + 1).frame).toBe(
      [`> 1 | ${text}oops`, `    | ${blank}^`].join('\n'),
    )
  })
})

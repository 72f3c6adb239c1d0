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
})

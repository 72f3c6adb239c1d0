import { describe, expect, test } from '@jest/globals'
import { excerpt } from './excerpt.ts'

describe('an excerpt of what a program said', () => {
  test('is all of it when that is little', () => {
    expect(excerpt('a\nb')).toBe('a\nb')
  })

  test('has the beginning and the end of much', () => {
    const lines = Array.from({ length: 20 }, (_, index) => index)
    expect(excerpt(lines.join('\n')).split('\n')).toEqual(['0', '1', '2', '3', '…', '16', '17', '18', '19'])
  })

  test('tells no credentials', () => {
    expect(excerpt('no server at postgresql://user:s3cret@host/a')).toBe(
      'no server at postgresql://***@host/a',
    )
  })
})

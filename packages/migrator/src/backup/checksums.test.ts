import { describe, expect, test } from '@jest/globals'
import { formatChecksums, parseChecksums } from './checksums.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]

describe('a list of checksums', () => {
  test('reads as it was written, sorted by path', () => {
    const text = formatChecksums(
      new Map([
        ['two/b c.json', b],
        ['one/a', a],
      ]),
    )
    expect(text).toBe(`${a}  one/a\n${b}  two/b c.json\n`)
    expect(formatChecksums(parseChecksums(text) ?? new Map())).toBe(text)
  })

  test.each([
    ['nothing', ''],
    ['a list that is cut off', `${a}  one/a\n${b}  tw`],
    ['a list that is cut off inside a checksum', `${a}  one/a\n${b.slice(9)}`],
    ['another text', 'hello\n'],
    ['a path out of the directory', `${a}  ../../etc/passwd\n`],
    ['a path from the root', `${a}  /etc/passwd\n`],
    ['the same path twice', `${a}  one\n${b}  one\n`],
  ])('is not %s', (_, text) => {
    expect(parseChecksums(text)).toBeUndefined()
  })
})

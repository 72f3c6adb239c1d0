import { describe, expect, test } from '@jest/globals'
import { findLookAlikes, formatRename, parseRename, renameSql, reversed } from './renames.ts'

describe('a rename as it is typed', () => {
  test('names a column of one table, or a table', () => {
    expect(parseRename('a.b:a.c')).toEqual({ kind: 'column', table: 'a', from: 'b', to: 'c' })
    expect(parseRename('a:b')).toEqual({ kind: 'table', from: 'a', to: 'b' })
    for (const text of ['a.b:a.c', 'a:b']) expect(formatRename(parseRename(text))).toBe(text)
  })

  test.each(['', 'a', 'a:', ':b', 'a.b:c', 'a.b:d.c', 'a.b.c:a.b.d', 'a:b:c', 'a.:a.b'])(
    '%j is none',
    (text) => {
      expect(() => parseRename(text)).toThrow(expect.objectContaining({ code: 'rename.malformed' }))
    },
  )

  test('becomes a statement, and another one back', () => {
    const rename = parseRename('a.b:a.C')
    expect(renameSql(rename)).toBe('ALTER TABLE "a" RENAME COLUMN "b" TO "C"')
    expect(renameSql(reversed(rename))).toBe('ALTER TABLE "a" RENAME COLUMN "C" TO "b"')
    expect(renameSql(parseRename('a:b'))).toBe('ALTER TABLE "a" RENAME TO "b"')
  })
})

describe('what looks like a rename', () => {
  const found = async (up: string, down: string) => (await findLookAlikes(up, down)).map(formatRename)

  test('is a column for another one of the same type', async () => {
    const up = 'ALTER TABLE a DROP COLUMN b, ADD COLUMN c varchar(5)'
    expect(await found(up, 'ALTER TABLE a DROP COLUMN c, ADD COLUMN b varchar(5)')).toEqual(['a.b:a.c'])
    expect(await found(up, 'ALTER TABLE a DROP COLUMN c, ADD COLUMN b varchar(6)')).toEqual([])
  })

  test('is a table for another one with most of its columns', async () => {
    const up = 'DROP TABLE a; CREATE TABLE b (x int, y int, z int)'
    expect(await found(up, 'DROP TABLE b; CREATE TABLE a (x int, y int)')).toEqual(['a:b'])
    expect(await found(up, 'DROP TABLE b; CREATE TABLE a (x int, w int)')).toEqual([])
  })

  test('is not what is only added or only dropped', async () => {
    expect(await found('ALTER TABLE a ADD COLUMN c int', 'ALTER TABLE a DROP COLUMN c')).toEqual([])
    expect(await found('DROP TABLE a', 'CREATE TABLE a (x int)')).toEqual([])
  })
})

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type CopyFormat, makeRowsDigester } from './digest.ts'

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])

/** As COPY … (FORMAT binary) writes it; null is a field without a value. */
function binary(rows: readonly (readonly (string | null)[])[]): Buffer {
  const parts = rows.flatMap((row) => {
    const count = Buffer.alloc(2)
    count.writeInt16BE(row.length)
    return [
      count,
      ...row.flatMap((field) => {
        const length = Buffer.alloc(4)
        const value = Buffer.from(field ?? '')
        length.writeInt32BE(field === null ? -1 : value.length)
        return [length, value]
      }),
    ]
  })
  return Buffer.concat([header, ...parts, Buffer.from([0xff, 0xff])])
}

function digest(format: CopyFormat, stream: Buffer, sizes: readonly number[] = []) {
  const digester = makeRowsDigester(format)
  let at = 0
  for (const size of sizes) {
    digester.push(stream.subarray(at, at + size))
    at += size
  }
  digester.push(stream.subarray(at))
  return digester.end()
}

const rows = fc.array(fc.array(fc.option(fc.string()), { maxLength: 4 }), { maxLength: 8 })
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 })

describe('a digest of rows', () => {
  test('does not depend on where the stream is cut', () => {
    fc.assert(
      fc.property(rows, sizes, (table, cuts) => {
        const stream = binary(table)
        expect(digest('binary', stream, cuts)).toEqual(digest('binary', stream))
        expect(digest('binary', stream).rows).toBe(table.length)
      }),
    )
  })

  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (table) => {
        expect(digest('binary', binary(table.toReversed()))).toEqual(digest('binary', binary(table)))
      }),
    )
  })

  test.each<[string, readonly (readonly (string | null)[])[]]>([
    ['another value', [['a'], ['c']]],
    ['a value that is gone', [['a'], [null]]],
    ['an empty value', [['a'], ['']]],
    ['a row more', [['a'], ['b'], ['b']]],
    ['a row that is gone', [['a']]],
    ['a value that moved to the next field', [['a'], [null, 'b']]],
  ])('tells %s', (_, table) => {
    expect(digest('binary', binary(table)).digest).not.toBe(digest('binary', binary([['a'], ['b']])).digest)
  })

  test('knows a row of text by its newline, and nothing else', () => {
    const stream = Buffer.from('1\ta\\nb\n2\t\\N\n')
    expect(digest('text', stream, [3, 4])).toMatchObject({ rows: 2, bytes: stream.length })
    expect(digest('text', Buffer.from('2\t\\N\n1\ta\\nb\n')).digest).toBe(digest('text', stream).digest)
  })

  test('is none of a stream that ends inside a row', () => {
    expect(() => digest('text', Buffer.from('1\n2'))).toThrow('inside a row')
    expect(() => digest('binary', binary([['abc']]).subarray(0, -4))).toThrow('inside a row')
  })
})

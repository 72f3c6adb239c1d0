import { describe, expect, test } from '@jest/globals'
import { type KeyBlock, keyAt, unpack } from './block.ts'
import { keyKind } from './key.ts'
import { missingKeys } from './merge.ts'

const block = (keys: readonly string[]): KeyBlock => {
  let end = 0
  return {
    bytes: Buffer.from(keys.join('')),
    ends: keys.map((key) => {
      end += Buffer.byteLength(key)
      return end
    }),
  }
}

async function* stream(blocks: readonly (readonly string[])[]): AsyncGenerator<KeyBlock> {
  for (const keys of blocks) yield block(keys)
}

async function missing(
  named: readonly (readonly string[])[],
  existing: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const keys of missingKeys(stream(named), stream(existing))) found.push(...keys.map(String))
  return found
}

describe('keys that are named and do not exist', () => {
  test.each([
    ['between others', [['a', 'b', 'c']], [['a', 'c']], ['b']],
    ['before and after all others', [['a', 'm', 'z']], [['m']], ['a', 'z']],
    ['where nothing exists', [['a'], ['b']], [], ['a', 'b']],
    ['across blocks of different length', [['a', 'b'], ['c'], ['d', 'e']], [['a'], ['b', 'd'], ['e']], ['c']],
    ['by whole keys, not by how they begin', [['a', 'ab']], [['a', 'abc']], ['ab']],
  ])('are found %s', async (_, named, existing, expected) => {
    expect(await missing(named, existing)).toEqual(expected)
  })

  test('are too many and never too few where the order is another', async () => {
    expect(await missing([['b', 'a', 'x']], [['a', 'b']])).toEqual(expect.arrayContaining(['x']))
  })
})

test('keys of different length are taken apart by the length before each', () => {
  const packed = ['b', '', 'Zoë'].map((key) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(Buffer.byteLength(key))
    return Buffer.concat([length, Buffer.from(key)])
  })
  const keys = unpack(Buffer.concat(packed), undefined)
  expect([0, 1, 2].map((index) => keyAt(keys, index).toString())).toEqual(['b', '', 'Zoë'])
  expect(unpack(Buffer.alloc(0), undefined).ends).toEqual([])
})

test('keys of one width follow each other', () => {
  expect(unpack(Buffer.from('abcdef'), 2).ends).toEqual([2, 4, 6])
})

test('keys are written as PostgreSQL writes them', () => {
  expect(keyKind('uuid').toText(Buffer.from('0a5fbd4e8f3a4a529f0e6c5d1a2b3c4d', 'hex'))).toBe(
    '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d',
  )
  expect(keyKind('bigint').toText(Buffer.from('7fffffffffffffff', 'hex'))).toBe('-1')
  expect(keyKind('integer').toText(Buffer.from('8000000000000007', 'hex'))).toBe('7')
  expect(keyKind('varchar(20)').toText(Buffer.from('Zoë'))).toBe('Zoë')
})

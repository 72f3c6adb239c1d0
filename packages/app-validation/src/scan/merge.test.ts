import { describe, expect, test } from '@jest/globals'
import { compareKeys, type KeyBlock, keyAt, unpack } from './block.ts'
import { keyKind } from './key.ts'
import { missingKeys } from './merge.ts'

/** What a server sends of an array of texts. */
function arrayOf(keys: readonly string[]): Buffer {
  const header = Buffer.alloc(20)
  header.writeInt32BE(1)
  header.writeInt32BE(keys.length, 12)
  const elements = keys.map((key) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(Buffer.byteLength(key))
    return Buffer.concat([length, Buffer.from(key)])
  })
  return Buffer.concat([header, ...elements])
}

const block = (keys: readonly string[]): KeyBlock => unpack(arrayOf(keys), undefined)

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

test('an array is taken apart into its keys, keys of one width follow each other, and nothing has none', () => {
  const keys = block(['b', '', 'Zoë'])
  expect([0, 1, 2].map((index) => keyAt(keys, index).toString())).toEqual(['b', '', 'Zoë'])
  const fixed = unpack(Buffer.from('abcdef'), 2)
  expect([0, 1, 2].map((index) => keyAt(fixed, index).toString())).toEqual(['ab', 'cd', 'ef'])
  expect([undefined, 2].map((width) => unpack(undefined, width).ends.length)).toEqual([0, 0])
})

test.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['a', 'ab', -1],
  ['ab', 'a', 1],
  ['', 'a', -1],
  ['z', 'ä', -1],
])('"%s" and "%s" stand in the order of their bytes', (one, other, order) => {
  expect(Math.sign(compareKeys(block(['a', one]), 1, block([other]), 0))).toBe(order)
})

test('keys are written as PostgreSQL writes them', () => {
  expect(keyKind('uuid').toText(Buffer.from('0a5fbd4e8f3a4a529f0e6c5d1a2b3c4d', 'hex'))).toBe(
    '0a5fbd4e-8f3a-4a52-9f0e-6c5d1a2b3c4d',
  )
  expect(keyKind('bigint').toText(Buffer.from('7fffffffffffffff', 'hex'))).toBe('-1')
  expect(keyKind('integer').toText(Buffer.from('8000000000000007', 'hex'))).toBe('7')
  expect(keyKind('varchar(20)').toText(Buffer.from('Zoë'))).toBe('Zoë')
})

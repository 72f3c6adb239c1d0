import { describe, expect, test } from '@jest/globals'
import { readHeader } from './header.ts'

describe('the header of a script', () => {
  test('names parents, dependencies, tables and the transaction', () => {
    const header = readHeader(
      '-- Core\n-- Revises: 007, 008\n-- depends-on: socrates_auth@001\n-- transaction: none\n-- creates: a, b\nSELECT 1;',
    )
    expect(header).toEqual({
      revises: ['007', '008'],
      dependsOn: ['socrates_auth@001'],
      transaction: 'none',
      creates: ['a', 'b'],
    })
  })

  test('ends at the first line of SQL', () => {
    expect(readHeader('\nSELECT 1;\n-- revises: 001\n').revises).toEqual([])
  })

  test('of a script made by Prisma alone says nothing', () => {
    expect(readHeader('-- CreateTable\nCREATE TABLE a ();')).toEqual({
      revises: [],
      dependsOn: [],
      transaction: 'one',
      creates: [],
    })
  })
})

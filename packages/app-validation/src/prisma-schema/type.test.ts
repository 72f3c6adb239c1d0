import { expect, test } from '@jest/globals'
import { baseType, scalarType } from './type.ts'

test.each([
  ['String', null, 'text'],
  ['Decimal', null, 'numeric(65,30)'],
  ['DateTime', null, 'timestamp(3)'],
  ['Float', null, 'double precision'],
  ['String', ['Uuid', []], 'uuid'],
  ['String', ['Char', ['3']], 'char(3)'],
  ['Decimal', ['Decimal', ['12', '2']], 'numeric(12,2)'],
  ['Int', ['SmallInt', []], 'smallint'],
  ['Float', ['DoublePrecision', []], 'double precision'],
  ['Bytes', ['ByteA', []], 'bytea'],
] as const)('%s with %j is %s', (type, native, expected) => {
  expect(scalarType(type, native)).toBe(expected)
})

test('compares types without length or precision', () => {
  expect(baseType('varchar(255)')).toBe('varchar')
  expect(baseType('double precision')).toBe('double precision')
})

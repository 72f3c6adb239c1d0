import { expect, test } from '@jest/globals'
import { cell, encodeRow } from './encode.ts'
import { defineTable } from './table.ts'

const table = defineTable('t', {
  a: 'text',
  b: 'number?',
  c: 'flag',
  d: 'time',
  e: 'date?',
  f: 'json',
  g: 'list',
})

test('a row is a line of COPY’s text format', () => {
  const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6)
  const row = { a: 'x', b: null, c: true, d: time, e: time, f: [{ k: 'v' }], g: [1, 2] }
  expect(encodeRow(table, row)).toBe('x\t\\N\tt\t2026-01-02T03:04:05.006Z\t2026-01-02\t[{"k":"v"}]\t{1,2}\n')
})

test('what would end a field, a line or an escape is escaped', () => {
  const row = { a: 'tab\tline\nback\\r\r', b: 1, c: false, d: 0, e: null, f: { k: '\n' }, g: [] }
  expect(encodeRow(table, row)).toBe(
    'tab\\tline\\nback\\\\r\\r\t1\tf\t1970-01-01T00:00:00.000Z\t\\N\t{"k":"\\\\n"}\t{}\n',
  )
})

test('a row that lacks a column is refused', () => {
  expect(() => encodeRow(table, { a: 'x' })).toThrow('the row has no b')
})

test('a parameter has nothing escaped', () => {
  expect(cell('text', 'a\tb')).toBe('a\tb')
  expect(cell('number?', null)).toBeNull()
})

import { expect, test } from '@jest/globals'
import { maskStatement } from './mask.ts'

test('a statement is shown without its constants', async () => {
  expect(await maskStatement("ALTER ROLE app\n  PASSWORD 'hunter2'")).toBe('ALTER ROLE app PASSWORD $1')
})

test('one that is cut off ends before its first constant', async () => {
  expect(await maskStatement("UPDATE t SET secret = 'hunter2")).toBe('UPDATE t SET secret = …')
})

test('a long one ends after 80 characters', async () => {
  expect(await maskStatement(`SELECT ${'a, '.repeat(100)} b FROM t`)).toHaveLength(81)
})

import { expect, test } from '@jest/globals'
import { databaseUrl } from './url.ts'

test.each([
  ['postgres://me:p%40w@db:5433/admin', 'postgres://me:p%40w@db:5433/test_1'],
  ['postgresql://db/postgres?sslmode=require', 'postgresql://db/test_1?sslmode=require'],
])('%s with another database', (server, expected) => {
  expect(databaseUrl(server, 'test_1')).toBe(expected)
})

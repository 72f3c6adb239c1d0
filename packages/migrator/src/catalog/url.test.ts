import { describe, expect, test } from '@jest/globals'
import { maskPassword, parseDatabaseUrl, withDatabase } from './url.ts'

describe('a database URL', () => {
  test('is taken apart, with the defaults of PostgreSQL', () => {
    expect(parseDatabaseUrl('postgresql://me@db/shop', 'X')).toMatchObject({
      host: 'db',
      port: 5432,
      database: 'shop',
      schema: 'public',
      user: 'me',
    })
  })

  test("keeps Prisma's parameters from the driver and TLS for it", () => {
    const url = parseDatabaseUrl('postgres://h/d?schema=app&connection_limit=3&sslmode=require', 'X')
    expect(url.schema).toBe('app')
    expect(url.connectionString).toBe('postgres://h/d?sslmode=require')
    expect(url.url).toContain('schema=app')
  })

  test.each([
    ['sqlite:./dev.db', 'SQLite'],
    ['file:./dev.db', 'SQLite'],
    ['mysql://root:hunter2@h/d', 'its scheme is "mysql"'],
    ['not a url', 'it is not a URL'],
    ['', 'it is empty'],
    ['postgresql://me:hunter2@h:5432/', 'it names no database'],
  ])('%j is refused without being quoted', (text, problem) => {
    const refuse = () => parseDatabaseUrl(text, 'DATABASE_URL_X')
    expect(refuse).toThrow(expect.objectContaining({ code: 'url.unusable', exitCode: 2 }))
    expect(refuse).toThrow(problem)
    expect(refuse).not.toThrow('hunter2')
  })

  test('names another database on the same server', () => {
    expect(withDatabase('postgresql://u:p@h:1/a?sslmode=require', 'b c')).toBe(
      'postgresql://u:p@h:1/b%20c?sslmode=require',
    )
  })
})

describe('masking', () => {
  test.each([
    ['postgresql://me:p%40ss@h:5432/d', 'postgresql://me:***@h:5432/d'],
    ['postgresql://me:p@ss@h/d', 'postgresql://me:***@h/d'],
    ['postgresql://h/d?user=me&password=secret&x=1', 'postgresql://h/d?user=me&password=***&x=1'],
    ['postgresql://me@h/d', 'postgresql://me@h/d'],
  ])('%s', (url, masked) => {
    expect(maskPassword(url)).toBe(masked)
  })
})

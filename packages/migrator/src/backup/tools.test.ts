import { describe, expect, test } from '@jest/globals'
import { fitting, forLibpq, type Tool } from './tools.ts'

const tool = (major: number): Tool => ({ path: `/${major}/pg_dump`, description: '', major })

describe('a fitting program', () => {
  test.each<[string, readonly number[], number, number | undefined]>([
    ['of the same version', [15, 17], 17, 17],
    ['the oldest of the newer ones', [18, 17, 15], 16, 17],
    ['none of the older ones', [15, 16], 17, undefined],
  ])('is one %s', (_, found, server, expected) => {
    expect(fitting(found.map(tool), server)?.major).toBe(expected)
  })
})

describe('a URL for libpq', () => {
  test('has no password, which goes its own way', () => {
    expect(forLibpq('postgresql://ada:p%40ss@db:5433/old?sslmode=require', 'new one')).toEqual({
      url: 'postgresql://ada@db:5433/new%20one?sslmode=require',
      password: 'p@ss',
    })
  })

  test('has no password among the parameters either, and nothing that libpq does not know', () => {
    const { url, password } = forLibpq(
      'postgresql://db/x?user=ada&password=secret&sslmode=no-verify&uselibpqcompat=1',
      'x',
    )
    expect({ url, password }).toEqual({ url: 'postgresql://ada@db/x?sslmode=require', password: 'secret' })
  })
})

import { describe, expect, test } from '@jest/globals'
import { splitStatements } from './split.ts'

describe('splitting a script', () => {
  test('keeps dollar quotes, literals, comments and atomic bodies whole', async () => {
    const script = [
      "INSERT INTO t VALUES ('a;b', $q$;$q$); -- a; comment",
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;',
      '/* ; */ SELECT 1',
    ].join('\n')
    const texts = (await splitStatements(script)).map((statement) => statement.text)
    expect(texts).toHaveLength(3)
    expect(texts[0]).toBe("INSERT INTO t VALUES ('a;b', $q$;$q$)")
    expect(texts[1]).toContain('BEGIN ATOMIC SELECT 1; SELECT 2; END')
    expect(texts[2]).toContain('SELECT 1')
  })

  test('counts offsets as PostgreSQL does, in characters', async () => {
    const script = "SELECT 'ü😀';\nSELECT 2;"
    const [, second] = await splitStatements(script)
    expect(second?.text).toBe('SELECT 2')
    expect([...script].slice(second?.offset, (second?.offset ?? 0) + 8).join('')).toBe('SELECT 2')
  })

  test('of nothing is nothing', async () => {
    expect(await splitStatements('-- only a comment\n')).toEqual([])
    expect(await splitStatements('\n')).toEqual([])
    expect(await splitStatements('')).toEqual([])
  })
})

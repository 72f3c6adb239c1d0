import { describe, expect, test } from '@jest/globals'
import { bindParameters } from './parameters.ts'

describe('the parameters of a data.sql', () => {
  test('become PostgreSQL’s own, and every character keeps its place', async () => {
    const script = 'UPDATE t SET a = 1 WHERE id > :cursor AND id IN (SELECT id FROM t LIMIT :batch) -- ü'
    const bound = await bindParameters(script)
    expect(bound).toEqual({
      first: 'UPDATE t SET a = 1 WHERE id > NULL    AND id IN (SELECT id FROM t LIMIT $1    ) -- ü',
      next: 'UPDATE t SET a = 1 WHERE id > $2      AND id IN (SELECT id FROM t LIMIT $1    ) -- ü',
      names: new Set(['cursor', 'batch']),
      unknown: [],
    })
    expect(bound.next).toHaveLength(script.length)
  })

  test('may be asked whether they are NULL, for which PostgreSQL finds no type', async () => {
    expect(await bindParameters('SELECT :cursor /* ? */ is NULL OR id > :cursor')).toMatchObject({
      first: 'SELECT NULL    /* ? */ is NULL OR id > NULL   ',
      next: "SELECT ''      /* ? */ is NULL OR id > $2     ",
    })
  })

  test.each([
    ['a cast', 'SELECT a::text'],
    ['a literal', "SELECT ':batch', E'\\':batch'"],
    ['a dollar quote', 'SELECT $$ :batch $$, $x$ :cursor $x$'],
    ['a comment', 'SELECT 1 /* :batch */ -- :cursor'],
    ['a quoted name', 'SELECT a.":batch"'],
    ['a slice of an array', 'SELECT a[1 : batch], a[1:2]'],
  ])('are not looked for in %s', async (_, script) => {
    expect(await bindParameters(script)).toEqual({
      first: script,
      next: script,
      names: new Set(),
      unknown: [],
    })
  })

  test('count characters, where the scanner counts bytes', async () => {
    const { next } = await bindParameters("SELECT 'ü😀', :batch, 'ä', :cursor")
    expect(next).toBe("SELECT 'ü😀', $1    , 'ä', $2     ")
  })

  test('of other names are unknown', async () => {
    expect((await bindParameters('SELECT :batch, :size')).unknown).toEqual(['size'])
  })
})

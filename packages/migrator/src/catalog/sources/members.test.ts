import { describe, expect, test } from '@jest/globals'
import { parseDatabaseUrl } from '../url.ts'
import { checkMembers, parseMembers } from './members.ts'

const place = { list: 'tenants', place: 'tenants.txt' }
const parse = (text: string) => parseMembers(text, place).map(({ member, url }) => `${member} ${url}`)
const check = (members: Readonly<Record<string, string>>, mayBeEmpty?: boolean) =>
  checkMembers(
    Object.entries(members).map(([member, url]) => ({ member, connection: parseDatabaseUrl(url, member) })),
    { ...place, mayBeEmpty },
  )

describe('the text of a list', () => {
  test.each([
    ['a=postgresql://h/x b=postgres://h/y', ['a postgresql://h/x', 'b postgres://h/y']],
    ['\n# c\n a=postgresql://h/x # d=postgresql://h/z\r\n', ['a postgresql://h/x']],
    ['postgresql://h/x?a=b', ['x postgresql://h/x?a=b']],
    ['postgresql://h/x?schema=s', ['x.s postgresql://h/x?schema=s']],
    ['', []],
  ])('%j has %j', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  test('is refused without being quoted', () => {
    expect(() => parse('a=secret')).toThrow("tenants/a can't be used: it is not a URL.")
  })
})

describe('a list', () => {
  test.each([
    [{}, 'list.empty'],
    [{ 'a b': 'postgresql://h/x' }, 'list.malformed'],
    [{ a: 'postgresql://h/x', b: 'postgresql://H:5432/x?schema=public' }, 'list.same-database'],
    [{ a: 'postgresql://localhost/x', b: 'postgresql://[::1]/x' }, 'list.same-database'],
  ])('%j is refused with %s', (members, code) => {
    expect(() => check(members)).toThrow(expect.objectContaining({ code }))
  })

  test('may hold databases on one server, and schemas of one database', () => {
    expect(() =>
      check({
        a: 'postgresql://h/x',
        b: 'postgresql://h/y',
        c: 'postgresql://h/x?schema=c',
        'é-1.2_': 'postgresql://i/x',
      }),
    ).not.toThrow()
    expect(() => check({}, true)).not.toThrow()
  })
})

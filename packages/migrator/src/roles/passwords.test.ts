import { describe, expect, test } from '@jest/globals'
import { formatPasswords, generatePasswords, parsePasswords } from './passwords.ts'

const roles = ['owner', 'api']
const parse = (text: string) => parsePasswords(text, roles, 'roles.txt')

describe('passwords of roles', () => {
  test('are what follows the first sign', () => {
    expect([...parse('# ours\n\nowner=a=b\r\napi=#c\n')]).toEqual([
      ['owner', 'a=b'],
      ['api', '#c'],
    ])
  })

  test('are read as they are written', () => {
    const made = generatePasswords(roles)
    expect(parse(formatPasswords(made))).toEqual(made)
    for (const password of made.values()) expect(encodeURIComponent(password)).toBe(password)
  })

  test.each([
    ['no line', '# ours\n', 'it has none'],
    ['no sign', 'owner', 'line 1 is not role=password'],
    ['a strange role', 'owner=a\npostgres=b', 'line 2 names a role that is not in the catalog'],
    ['a role twice', 'owner=a\nowner=b', 'line 2 names a role for the second time'],
    ['no password', 'owner=', 'line 1 has an empty password'],
    ['white space', 'owner=a b', 'line 1 has an empty password, or other characters'],
    ['what SASLprep would change', 'owner=\u00aa', 'line 1 has an empty password, or other characters'],
  ])('with %s are refused', (_, text, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'roles.passwords-unusable',
        what: expect.stringContaining(problem),
      }),
    )
  })
})

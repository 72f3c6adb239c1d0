import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { atOnce, line, quote } from './shell.ts'

describe('words for the shell', () => {
  test('quotes, blanks and dollars stay what they are', () => {
    expect(quote("it's $HOME")).toBe(`'it'\\''s $HOME'`)
  })

  test('a line has all of its words', () => {
    expect(line('psql', '-f', 'a b.sql')).toBe("'psql' '-f' 'a b.sql'")
  })
})

describe('several programs at once', () => {
  const end = async (...lines: string[]) => {
    const { program, args, cwd, env } = atOnce(lines, '/', { PATH: '/bin:/usr/bin' })
    return await promisify(execFile)(program, args, { cwd, env }).then(
      () => 0,
      (error: { code: number }) => error.code,
    )
  }

  test('succeed when all do', async () => {
    expect(await end('true', 'true')).toBe(0)
  })

  test('fail when any does', async () => {
    expect(await end('false', 'true')).toBe(1)
    expect(await end('true', 'false')).toBe(1)
  })
})

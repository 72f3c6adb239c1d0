import { expect } from '@jest/globals'
import type { Result } from './run.ts'

/** What a failure must say; the texts are regular expressions or parts of the text. */
export interface Expected {
  readonly code: string
  readonly exitCode: 2 | 5
  readonly what: string | RegExp
  readonly why: string | RegExp
  readonly fix: string | RegExp
}

/** A failure as people see it on stderr: `✖ what [code]`, a code frame, `why`, `fix`; stdout has no part of it. */
export function expectFailure({ stdout, stderr, exitCode }: Result, expected: Expected): void {
  const shown =
    /^✖ (?<what>[\s\S]*?) \[(?<code>[a-z.-]+)\]$(?:[\s\S]*?)^ {2}why {2}(?<why>[\s\S]*?)^ {2}fix {2}(?<fix>[\s\S]*)/m
  const groups = shown.exec(stderr)?.groups
  expect({ stderr, failure: groups !== undefined, exitCode, stdout }).toEqual({
    stderr,
    failure: true,
    exitCode: expected.exitCode,
    stdout: '',
  })
  expect(groups?.code).toBe(expected.code)
  for (const part of ['what', 'why', 'fix'] as const) {
    const text = groups?.[part] ?? ''
    if (typeof expected[part] === 'string') expect(text).toContain(expected[part])
    else expect(text).toMatch(expected[part])
  }
}

import { expect, test } from '@jest/globals'
import { startupProblem } from './startup-log.ts'

const stamp = '2026-11-21 12:59:31.854 UTC [6741] '
const log = (...lines: string[]): string => lines.map((line) => `${stamp}${line}\n`).join('')

test.each([
  ['already-running', 'FATAL:  lock file "postmaster.pid" already exists'],
  ['port-taken', 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use'],
  ['old-processes', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
  ['disk-full', 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
  ['disk-full', 'HINT:  Check free disk space.'],
  ['not-writable', 'FATAL:  data directory "/d" has wrong ownership'],
  ['not-writable', 'FATAL:  could not open file "/d/global/pg_control": Permission denied'],
])('%s: %s', (kind, line) => {
  expect(startupProblem(log(line))).toMatchObject({ kind })
})

test('a taken port counts more than what follows from it', () => {
  const lines = log(
    'LOG:  could not bind IPv4 address "127.0.0.1": Permission denied',
    'FATAL:  could not create any TCP/IP sockets',
  )
  expect(startupProblem(lines)).toEqual({ kind: 'port-taken' })
})

test('anything else is passed on without stamps, the last lines of it', () => {
  const lines = Array.from({ length: 9 }, (_, i) => `LOG:  line ${i}`)
  expect(startupProblem(log(...lines, 'FATAL:  the end'))).toEqual({
    kind: 'other',
    tail: [...lines.slice(-5), 'FATAL:  the end'].join('\n'),
  })
  expect(startupProblem('')).toEqual({ kind: 'other', tail: '' })
})

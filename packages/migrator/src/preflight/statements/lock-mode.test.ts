import { expect, test } from '@jest/globals'
import { conflict, fromPgLocks, lockModes, stronger } from './lock-mode.ts'

// The manual's table, a letter for each mode from the weakest on.
test.each([
  ['ACCESS SHARE', '.......x'],
  ['ROW SHARE', '......xx'],
  ['ROW EXCLUSIVE', '....xxxx'],
  ['SHARE UPDATE EXCLUSIVE', '...xxxxx'],
  ['SHARE', '..xx.xxx'],
  ['SHARE ROW EXCLUSIVE', '..xxxxxx'],
  ['EXCLUSIVE', '.xxxxxxx'],
  ['ACCESS EXCLUSIVE', 'xxxxxxxx'],
] as const)('%s conflicts as in the manual', (mode, row) => {
  expect(lockModes.map((other) => (conflict(mode, other) ? 'x' : '.')).join('')).toBe(row)
})

test('modes are read as pg_locks writes them', () => {
  expect(['AccessShareLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'SIReadLock'].map(fromPgLocks)).toEqual(
    ['ACCESS SHARE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', undefined],
  )
})

test('of two modes the stronger is known', () => {
  expect(stronger('SHARE', 'ROW SHARE')).toBe('SHARE')
  expect(stronger('ROW SHARE', 'ACCESS EXCLUSIVE')).toBe('ACCESS EXCLUSIVE')
})

import { describe, expect, test } from '@jest/globals'
import { reasonToWait } from './throttle.ts'

describe('a data migration waits', () => {
  test.each([
    ['for nothing without limits', {}, { lag: 99_000, load: 99 }, undefined],
    [
      'for a standby that is too far behind',
      { maxLag: 5000 },
      { lag: 5200, load: 0 },
      'a standby is 5.2 s behind',
    ],
    ['not at its limit', { maxLag: 5000, maxLoad: 3 }, { lag: 5000, load: 3 }, undefined],
    ['for too many sessions at work', { maxLoad: 3 }, { lag: 0, load: 4 }, '4 sessions are at work'],
  ])('%s', (_, limits, seen, reason) => {
    expect(reasonToWait(limits, seen)).toBe(reason)
  })
})

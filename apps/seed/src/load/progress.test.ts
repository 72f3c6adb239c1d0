import { describe, expect, test } from '@jest/globals'
import { makeProgress, describe as say } from './progress.ts'

const step = (database: string, rows: number, done: number) => ({ database, rows, done, of: 10 })

describe('progress', () => {
  test('says rows, share, rate and the estimated end of the slower database', () => {
    expect(say([step('a', 1000, 10), step('b', 3000, 4)], 2)).toBe('4,000 rows, 40 %, 2,000 rows/s, 3 s left')
    expect(say([step('a', 0, 0)], 2)).toBe('0 rows, 0 %, 0 rows/s')
  })

  test('rewrites a line on a terminal, and takes it away', () => {
    const { written, progress, clock } = shown(true)
    progress.step(step('a', 10, 1))
    clock.now = 1000
    progress.step(step('a', 20, 2))
    progress.end()
    expect(written).toEqual(['\r\u001b[2K  20 rows, 20 %, 20 rows/s, 4 s left', '\r\u001b[2K'])
  })

  test('writes a line every ten seconds elsewhere', () => {
    const { written, progress, clock } = shown(false)
    for (const now of [1, 5, 10, 15, 20]) {
      clock.now = now * 1000
      progress.step(step('a', now, 1))
    }
    progress.end()
    expect(written).toHaveLength(2)
  })
})

function shown(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 }
  return { written, clock, progress: makeProgress(stream, () => clock.now) }
}

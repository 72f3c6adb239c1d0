import { describe, expect, test } from '@jest/globals'
import { isLockError, retryWhileLocked } from './retry.ts'

const lockTimeout = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })

/** Fails so many times before it works. */
const failing = (times: number, error: unknown = lockTimeout) => {
  const calls = { count: 0 }
  const attempt = async () => {
    calls.count += 1
    if (calls.count <= times) throw error
    return 'done'
  }
  return { calls, attempt }
}

describe('an attempt that a lock hinders', () => {
  test('is made again, with pauses, until it works', async () => {
    const { attempt, calls } = failing(2)
    const pauses: number[] = []
    const result = await retryWhileLocked(attempt, isLockError, 60_000, ({ pause }) => pauses.push(pause))
    expect(result).toBe('done')
    expect(calls.count).toBe(3)
    expect(pauses).toHaveLength(2)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100)
  })

  test('is given up with the error itself when its time is over', async () => {
    const { attempt, calls } = failing(100)
    await expect(retryWhileLocked(attempt, isLockError, 0)).rejects.toBe(lockTimeout)
    expect(calls.count).toBe(1)
  })

  test('is not made again for any other error', async () => {
    const error = Object.assign(new Error('division by zero'), { code: '22012' })
    const { attempt, calls } = failing(1, error)
    await expect(retryWhileLocked(attempt, isLockError, 60_000)).rejects.toBe(error)
    expect(calls.count).toBe(1)
  })
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'

const program = fileURLToPath(new URL('../../bin/bench.js', import.meta.url))

describe('bench stall', () => {
  test('sees the traffic go on within the lock’s timeout, and stand as long as the lock is held next to it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      'stall',
      '--rounds',
      '1',
      '--json',
    ])
    const { lockTimeout, runs, stalls } = JSON.parse(stdout)
    expect(stalls.map(({ tool }: { tool: string }) => tool)).toEqual(['ours', 'prisma'])
    expect(runs.ours[0].operations).toBeGreaterThan(0)
    // A table that is never waited for would measure nothing.
    expect(runs.ours[0].longest).toBeGreaterThan(lockTimeout * 0.9)
    expect(runs.prisma[0].longest).toBeGreaterThan(5900)
  })
})

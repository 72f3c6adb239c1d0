import { describe, expect, test } from '@jest/globals'
import { stateOf } from './status.ts'

const begun = { finishedAt: null, running: false, error: null, batches: 0 }

describe('a data migration', () => {
  test.each([
    ['whose revision is not applied', undefined, begun, 'waiting'],
    ['whose revision was skipped', { logs: 'skipped in environment test' }, undefined, 'skipped'],
    ['that nobody has begun', { logs: null }, undefined, 'pending'],
    ['that was stopped before its first batch', { logs: null }, begun, 'pending'],
    ['that was stopped', { logs: null }, { ...begun, batches: 3 }, 'unfinished'],
    ['that failed', { logs: null }, { ...begun, batches: 3, error: 'no' }, 'failed'],
    ['that somebody is at', { logs: null }, { ...begun, running: true }, 'running'],
    ['that is done', { logs: null }, { ...begun, batches: 3, finishedAt: new Date() }, 'complete'],
  ] as const)('%s', (_, row, progress, state) => {
    expect(stateOf(row, progress)).toBe(state)
  })
})

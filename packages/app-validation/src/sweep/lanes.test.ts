import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { inLanes } from './lanes.ts'
import type { Sql } from './sql.ts'

const lane = (): Sql => ({
  query: () => Promise.reject(new Error('nothing is asked')),
  escapeLiteral: (text) => text,
})
const lanes = [lane(), lane()]
const taking = (pieces: number[]) => () => pieces.shift()

describe('pieces in lanes', () => {
  test('are worked off once each, by all lanes at once', async () => {
    const done: number[] = []
    let [busy, most] = [0, 0]
    await inLanes(lanes, taking([1, 2, 3, 4, 5]), async (_, piece) => {
      busy += 1
      most = Math.max(most, busy)
      await sleep(1)
      busy -= 1
      done.push(piece)
    })
    expect([done.sort(), most]).toEqual([[1, 2, 3, 4, 5], 2])
  })

  test('are left when one fails, which is told once all lanes are at rest', async () => {
    const done: number[] = []
    const working = inLanes(lanes, taking([1, 2, 3, 4]), async (_, piece) => {
      if (piece === 1) throw new Error('the first')
      await sleep(20)
      done.push(piece)
    })
    await expect(working).rejects.toThrow('the first')
    expect(done).toEqual([2])
  })
})

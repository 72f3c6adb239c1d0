import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { mapBounded } from './bounded.ts'

describe('mapBounded', () => {
  test('returns the results in the order of the items, whichever is done first', async () => {
    const work = async (turns: number) => {
      for (let left = turns; left > 0; left--) await turn()
      return turns * 10
    }
    expect(await mapBounded([3, 1, 2], 3, work)).toEqual([30, 10, 20])
  })

  test('never has more under way than it may, and as many as it may', async () => {
    let under = 0
    let most = 0
    await mapBounded(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++under)
      await turn()
      under -= 1
    })
    expect(most).toBe(4)
  })

  test('begins nothing more once one has failed, and waits for those under way', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const working = mapBounded([1, 2, 3, 4], 2, async (item) => {
      begun.push(item)
      if (item === 1) throw new Error('one')
      await turn()
      ended.push(item)
    })
    await expect(working).rejects.toThrow('one')
    expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] })
  })

  test('has nothing to do for no items', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([])
  })
})

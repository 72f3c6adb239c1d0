import { describe, expect, test } from '@jest/globals'
import { makeSlots } from './slots.ts'

describe('slots', () => {
  test('let as many through as there are, and the next when one is given back', async () => {
    const slots = makeSlots(1)
    const first = Promise.withResolvers<void>()
    const order: string[] = []
    const working = slots.use(async () => {
      await first.promise
      order.push('first')
    })
    const next = slots.use(async () => order.push('next'))
    expect(slots.take()).toBeUndefined()
    first.resolve()
    await Promise.all([working, next])
    expect(order).toEqual(['first', 'next'])
  })

  test('come back from work that fails', async () => {
    const slots = makeSlots(1)
    await expect(slots.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    const giveBack = slots.take()
    expect(giveBack).toBeDefined()
    giveBack?.()
    expect(await slots.use(async () => 'through')).toBe('through')
  })
})

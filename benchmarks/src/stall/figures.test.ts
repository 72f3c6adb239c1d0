import { describe, expect, test } from '@jest/globals'
import { figuresOf, render } from './figures.ts'

const runs = (...longest: readonly number[]) =>
  longest.map((each) => ({ longest: each, operations: 100, milliseconds: 7000 }))

describe('the figures of a stall', () => {
  test('hold the worst of our rounds against the lock’s timeout', () => {
    const met = figuresOf({ ours: runs(1990, 2040), prisma: runs(6010, 6050) }, 2000)
    expect(met.verdict).toEqual({ kind: 'met', worst: 2040, atMost: 2250 })
    expect(figuresOf({ ours: runs(10, 2300), prisma: runs(0) }, 2000).verdict.kind).toBe('missed')
  })

  test('show both, side by side', () => {
    const text = render(figuresOf({ ours: runs(1990, 2040), prisma: runs(6010, 6050) }, 2000))
    expect(text).toMatch(/^db migrate +2015 \(1990–2040\) +7000 /m)
    expect(text).toMatch(/^prisma migrate deploy +6030 \(6010–6050\)/m)
    expect(text).toContain(
      '✅ longest stall in any round: 2040 ms (at most 2250 ms; lock_timeout is 2000 ms)',
    )
  })
})

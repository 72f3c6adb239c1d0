import { describe, expect, test } from '@jest/globals'
import { allowPartialIndexes } from './preview.ts'

const model = 'model A {\n  @@index([b], where: raw("b > 1"))\n}\n'
const allowed = (content: string) => allowPartialIndexes([['schema.prisma', content]])[0]?.[1]

describe('a schema with partial indexes names the feature', () => {
  test('in a generator of its own', () => {
    expect(allowed(model)).toMatch(/^generator client \{[^}]*previewFeatures = \["partialIndexes"\]\n\}\n/)
  })

  test('in the generator that is there', () => {
    expect(allowed(`generator c {\n  provider = "x"\n}\n${model}`)).toBe(
      `generator c {\n  provider = "x"\n  previewFeatures = ["partialIndexes"]\n}\n${model}`,
    )
    expect(allowed(`generator c {\n  previewFeatures = ["views"]\n}\n${model}`)).toContain(
      '["views", "partialIndexes"]',
    )
  })

  test('once, and only where it has some', () => {
    const done = `generator c {\n  previewFeatures = ["partialIndexes"]\n}\n${model}`
    for (const content of [done, 'model A {}\n']) expect(allowed(content)).toBe(content)
  })
})

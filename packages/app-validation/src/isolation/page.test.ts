import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { namedDifferences } from './named-differences.ts'
import { fillPage, page } from './page.ts'
import { scenarios } from './scenarios.ts'

const text = readFileSync(join(import.meta.dirname, '../../../..', page), 'utf8')

test(`${page} shows these scenarios and differences`, () => {
  expect(text).toBe(fillPage(text, scenarios, namedDifferences))
})

test('a page without its marks is not taken for a filled one', () => {
  expect(() => fillPage('# A page', scenarios, namedDifferences)).toThrow('has no')
})

test('every scenario is named once, and a difference speaks of scenarios that exist', () => {
  const known = scenarios.map(({ name }) => name)
  expect(new Set(known).size).toBe(known.length)
  expect(known).toEqual(expect.arrayContaining(namedDifferences.flatMap((one) => one.scenarios ?? [])))
})

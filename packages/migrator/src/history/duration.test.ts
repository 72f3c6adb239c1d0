import { expect, test } from '@jest/globals'
import { parseDuration } from './duration.ts'

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1.5 s', 1500],
  ['2min', 120_000],
  ['1h', 3_600_000],
  ['0', 0],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

test.each(['5', '', 's', '-1s', '5 seconds', '1s 2ms'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

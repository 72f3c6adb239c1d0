import { expect, test } from '@jest/globals'
import { beginnings, beginsWith, nothing } from './beginning.ts'

const statements = [{ text: "SELECT 'ü😀'" }, { text: 'SELECT\n 2' }, { text: 'SELECT 2' }]
const script = "-- ü\nSELECT 'ü😀';\nSELECT\n 2;\nSELECT 2;"

test('a beginning is what stands up to the end of a statement', () => {
  const [first, second, third] = beginnings(script, statements)
  expect(first?.length).toBe("-- ü\nSELECT 'ü😀'".length)
  expect(second?.length).toBe("-- ü\nSELECT 'ü😀';\nSELECT\n 2".length)
  expect(third?.length).toBe(script.length - 1)
})

test('a script whose rest is edited still begins so; one whose beginning is edited does not', () => {
  const second = beginnings(script, statements)[1] ?? nothing
  expect(beginsWith(script.replace('SELECT 2;', 'SELECT 3;'), second)).toBe(true)
  expect(beginsWith(script.replace('ü', 'u'), second)).toBe(false)
  expect(beginsWith('', second)).toBe(false)
})

test('line ends make no difference', () => {
  const windows = script.replaceAll('\n', '\r\n')
  expect(beginnings(windows, statements)).toEqual(beginnings(script, statements))
  const last = beginnings(script, statements)[2] ?? nothing
  expect(beginsWith(windows, last)).toBe(true)
})

test('every script begins with nothing', () => {
  expect(beginsWith(script, nothing)).toBe(true)
})

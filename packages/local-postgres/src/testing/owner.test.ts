import { hostname } from 'node:os'
import { expect, test } from '@jest/globals'
import { formatOwner, isGone, parseOwner, thisProcess } from './owner.ts'

test('the running process is not gone', async () => {
  const owner = await thisProcess()
  expect(parseOwner(formatOwner(owner))).toEqual(owner)
  expect(await isGone(owner)).toBe(false)
})

test('a process is gone when its number is free', async () => {
  expect(await isGone({ host: hostname(), pid: 999_999_999, started: '1' })).toBe(true)
})

test('a process is gone when its number has been given to another', async () => {
  expect(await isGone({ ...(await thisProcess()), started: 'at another time' })).toBe(true)
})

test('a process of another machine is not known to be gone', async () => {
  expect(await isGone({ host: 'elsewhere', pid: 999_999_999, started: '1' })).toBe(false)
})

test.each(['', 'null', '[]', '{', '{"host":"h"}', '{"host":"h","pid":"1","started":""}'])(
  '%j names no owner',
  (text) => {
    expect(parseOwner(text)).toBeUndefined()
  },
)

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { makeProgress } from './progress.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

const listen = (isTTY: boolean, tally?: () => string) => {
  const written: string[] = []
  const notes: string[] = []
  const stream = {
    isTTY,
    write: (text: string) => {
      written.push(text)
      return true
    },
  }
  return { written, notes, progress: makeProgress(stream, (line) => notes.push(line), tally) }
}

describe('a step that takes long', () => {
  test('is a line every ten seconds where there is no terminal', () => {
    const { progress, notes, written } = listen(false)
    progress.start('alpha 001')
    jest.advanceTimersByTime(25_000)
    progress.end('alpha 001')
    jest.advanceTimersByTime(25_000)
    expect(notes).toEqual(['  still running: alpha 001 10.0 s', '  still running: alpha 001 20.0 s'])
    expect(written).toEqual([])
  })

  test('is one line on a terminal, rewritten, and gone at its end', () => {
    const { progress, notes, written } = listen(true)
    progress.start('alpha 001')
    progress.start('beta 002')
    jest.advanceTimersByTime(1900)
    expect(written).toEqual([])
    jest.advanceTimersByTime(300)
    expect(written.at(-1)).toMatch(/^ {2}\S alpha 001 2\.\d s, beta 002 2\.\d s$/)
    progress.end('alpha 001')
    progress.end('beta 002')
    expect(written.at(-1)).toBe('\r\u001b[2K')
    expect(notes).toEqual([])
  })
})

test('a step that is done soon is not worth a word', () => {
  const { progress, notes, written } = listen(true)
  progress.start('alpha 001')
  jest.advanceTimersByTime(1500)
  progress.end('alpha 001')
  expect([...notes, ...written]).toEqual([])
})

describe('many databases', () => {
  test('show how far the whole is, and the steps that take long', () => {
    const { progress, notes } = listen(false, () => '37 of 200, 1 failed')
    progress.start('tenants/acme 001')
    jest.advanceTimersByTime(9000)
    progress.start('tenants/bob 001')
    jest.advanceTimersByTime(1000)
    expect(notes).toEqual(['  still running: 37 of 200, 1 failed; tenants/acme 001 10.0 s'])
  })

  test('are one line on a terminal from the start', () => {
    const { progress, written } = listen(true, () => '1 of 2')
    progress.start('tenants/acme 001')
    jest.advanceTimersByTime(100)
    expect(written).toEqual([expect.stringMatching(/^ {2}\S 1 of 2$/)])
  })
})

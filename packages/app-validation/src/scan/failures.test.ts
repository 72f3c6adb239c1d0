import { expect, test } from '@jest/globals'
import { explainRefusal } from './failures.ts'

const link = { source: 'auth', referencing: 'specs', columns: [] }
const refusal = (code: string) => Object.assign(new Error('permission denied for table users'), { code })

test.each([
  ['42501', 'integrity.forbidden'],
  ['55P03', 'integrity.locked'],
])('what a server refuses with %s is %s', (code, failure) => {
  expect(explainRefusal(refusal(code), link)).toMatchObject({
    code: failure,
    what: expect.stringContaining('permission denied for table users'),
  })
})

test('everything else passes as it is', () => {
  const error = refusal('XX000')
  expect(explainRefusal(error, link)).toBe(error)
})

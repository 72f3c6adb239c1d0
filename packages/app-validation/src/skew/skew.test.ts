import { expect, test } from '@jest/globals'
import { skewOf } from './skew.ts'

const at = (epoch: string, horizon: string) => ({ epoch, horizon })

test.each([
  ['nothing was ever taken over', [], '1:1', undefined],
  ['both know the same', [at('1:1', '9')], '1:1', at('1:1', '9')],
  [
    'the referencing side was restored, or a sweeper died before its commit',
    [at('1:1', '9')],
    '1:1',
    at('1:1', '10'),
  ],
  ['a standby that has everything was promoted', [at('1:1', '9')], '1:2', at('1:1', '9')],
  ['the referencing side was restored to before a promotion', [at('1:1', '9')], '1:2', at('1:2', '12')],
])('all is well where %s', (_, cursors, epoch, acknowledged) => {
  expect(skewOf(cursors, { epoch, acknowledged })).toBeUndefined()
})

test.each([
  ['on the same server', [at('1:1', '10')], '1:1', at('1:1', '9'), 'to 9, and they were to 10'],
  ['on another server', [at('1:1', '10')], '2:1', at('1:1', '9'), 'to 9, and they were to 10'],
  ['to before anything was taken over', [at('1:1', '10')], '1:1', undefined, 'ever taken over'],
  ['to before a promotion', [at('1:1', '10'), at('1:2', '12')], '1:2', at('1:1', '10'), 'present timeline'],
])('the referenced side was restored %s', (_, cursors, epoch, acknowledged, reason) => {
  expect(skewOf(cursors, { epoch, acknowledged })).toContain(reason)
})

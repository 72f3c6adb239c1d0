import { expect, test } from '@jest/globals'
import { parseAccounts } from './accounts.ts'

test('accounts are read from /etc/passwd, and what is no account is passed over', () => {
  const passwd = [
    'root:x:0:0:root:/root:/bin/bash',
    'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
    '# a comment',
    '+::::::',
    'broken:x:one:1::/:',
    '',
  ].join('\n')
  expect(parseAccounts(passwd)).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'daemon', uid: 1, gid: 1 },
  ])
})

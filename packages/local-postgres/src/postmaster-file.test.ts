import { expect, test } from '@jest/globals'
import { parsePostmasterFile } from './postmaster-file.ts'

const complete = '6741\n/srv/data\n1795265971\n5488\n\n127.0.0.1\n  2154497        48\nready   \n'

test('a server that is up is ready on its port', () => {
  expect(parsePostmasterFile(complete)).toEqual({ pid: 6741, port: 5488, ready: true })
})

test.each([
  ['starting', complete.replace('ready   ', 'starting'), { pid: 6741, port: 5488, ready: false }],
  ['stopping', complete.replace('ready   ', 'stopping'), { pid: 6741, port: 5488, ready: false }],
  ['only just begun', '6741\n/srv/data\n', { pid: 6741, port: 0, ready: false }],
])('a server that is %s is not', (_state, text, expected) => {
  expect(parsePostmasterFile(text)).toEqual(expected)
})

test.each(['', '\n', 'x\n', '0\n', '1.5\n', '-6741\n/srv/data\n'])('%j names no server', (text) => {
  expect(parsePostmasterFile(text)).toBeUndefined()
})

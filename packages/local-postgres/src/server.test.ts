import { expect, test } from '@jest/globals'
import { serverUrl } from './server.ts'

test('every part of a URL is escaped', () => {
  const server = { host: '127.0.0.1', port: 5488, user: 'a b', password: 'p/w:1@x' }
  expect(serverUrl(server, 'd#1')).toBe('postgresql://a%20b:p%2Fw%3A1%40x@127.0.0.1:5488/d%231')
})

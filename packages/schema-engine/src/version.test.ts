import { describe, expect, test } from '@jest/globals'
import { checkEngineVersion, installedVersions } from './version.ts'

describe('the version of the engine', () => {
  test('is the one that the installed prisma needs', () => {
    expect(() => checkEngineVersion(installedVersions())).not.toThrow()
  })

  test('is refused when it differs, with the line to change', () => {
    const versions = { prisma: '7.11.0', needed: '7.11.0-2.abc', found: '7.10.0-4.def' }
    expect(() => checkEngineVersion(versions)).toThrow(
      expect.objectContaining({
        code: 'engine.version',
        what: 'The schema engine is version 7.10.0-4.def, and prisma 7.11.0 needs 7.11.0-2.abc.',
        fix: expect.stringContaining("'@prisma/schema-engine-wasm': 7.11.0-2.abc\n"),
      }),
    )
  })
})

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bundleCatalog } from './bundle-catalog.ts'

let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'catalog-')))
  mkdirSync(join(root, 'packages/tool'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(join(root, name), text)
const outfile = () => join(root, 'out/catalog.cjs')
const bundled = () => bundleCatalog(join(root, 'packages/tool'), outfile())
const config = () => join(root, 'databases.config.ts')

describe('the catalog of a repository', () => {
  test('is bundled with its own modules, and says what it was made from', async () => {
    write(
      'databases.config.ts',
      "import { name } from './names.ts'\nexport default { name, root: '.' as string }",
    )
    write('names.ts', "export const name: string = 'alpha'")
    expect(await bundled()).toEqual({
      file: config(),
      inputs: expect.arrayContaining([config(), join(root, 'names.ts')]),
      ready: true,
    })
    expect(createRequire(config())(outfile()).default).toEqual({ name: 'alpha', root: '.' })
  })

  test('keeps what is imported on demand where it is', async () => {
    write('databases.config.ts', "export default { late: () => import('./late.ts') }")
    write('late.ts', 'export const place: string = import.meta.url')
    expect(await bundled()).toMatchObject({ ready: true, inputs: [config()] })
  })

  test.each([
    ['imports an installed package', "import pg from 'pg'\nexport default { pg }"],
    ['must know its own place', 'export default { place: import.meta.dirname }'],
    ['waits while it is imported', 'export default { databases: await Promise.resolve({}) }'],
    ['has an error', 'export default {'],
  ])('that %s is imported as it is', async (_, text) => {
    write('databases.config.ts', text)
    expect(await bundled()).toMatchObject({ file: config(), ready: false })
  })

  test('that changes is seen even when it could not be bundled', async () => {
    write('databases.config.ts', 'export default {')
    expect(await bundled()).toMatchObject({ inputs: [config()] })
  })

  test('may be missing', async () => {
    expect(await bundled()).toBeUndefined()
  })
})

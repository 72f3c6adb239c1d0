import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const catalog = (name: string) => `export default {
  databases: { ${name}: { directory: '.', schema: 'schema.prisma', url: { kind: 'variable', name: 'URL' } } },
}`

let tree: Tree
beforeEach(() => {
  tree = makeTree({
    'databases.config.ts': catalog('notes'),
    'schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id Int @id\n}\n',
  })
})
afterEach(() => tree.dispose())

const generate = (...args: readonly string[]) =>
  run(node, [dbCommand, 'docs', ...args], { cwd: tree.directory })
const pages = () => readdirSync(join(tree.directory, 'docs/reference/schema'))
const page = () => readFileSync(join(tree.directory, 'docs/reference/schema/notes.md'), 'utf8')

describe('db docs', () => {
  test('finds the pages of this repository in step with its schemas', async () => {
    const result = await run(node, [dbCommand, 'docs', '--check'], { cwd: root })
    expect(result).toMatchObject({ stdout: '', exitCode: 0 })
    expect(result.stderr).toContain('2 pages, 0 findings\n')
  })

  test('writes a page per database, and nothing the second time', async () => {
    expect(await generate()).toMatchObject({
      stderr: '1 pages, 1 changed\n',
      exitCode: 0,
    })
    expect(page()).toContain('| `id` | `integer` | no |  |  |')
    expect(await generate()).toMatchObject({ stderr: '1 pages, 0 changed\n' })
    expect(await generate('--check')).toMatchObject({ stdout: '', exitCode: 0 })
  })

  test('--check names a missing and a stale page with exit code 4, and writes nothing', async () => {
    const missing = await generate('--check')
    expect(missing.stdout).toContain('docs/reference/schema/notes.md:1:1  schemaReference.missing')
    expect(missing.exitCode).toBe(4)

    await generate()
    const before = page()
    tree.write(
      'schema.prisma',
      'datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id BigInt @id\n}\n',
    )
    const stale = await generate('--check')
    expect(stale.stdout).toMatch(/^docs\/reference\/schema\/notes\.md:\d+:1 {2}schemaReference\.stale\n/)
    expect(stale.exitCode).toBe(4)
    expect(page()).toBe(before)
  })

  test('removes the page of a database that is gone, and keeps what people wrote', async () => {
    tree.write('docs/reference/schema/README.md', '# By hand\n')
    await generate()
    tree.write('databases.config.ts', catalog('memos'))
    await generate()
    expect(pages()).toEqual(['README.md', 'memos.md'])
  })
})

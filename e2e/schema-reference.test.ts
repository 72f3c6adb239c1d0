import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCatalog } from '@manybase/migrator'
import { node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const command = join(root, 'packages/app-validation/bin/schema-reference.js')

let tree: Tree
beforeEach(() => {
  tree = makeTree({
    'schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id Int @id\n}\n',
  })
})
afterEach(() => tree.dispose())

const generate = (...args: readonly string[]) =>
  run(node, [command, ...args, 'notes=schema.prisma'], { cwd: tree.directory })
const pages = () => readdirSync(join(tree.directory, 'docs/reference/schema'))
const page = () => readFileSync(join(tree.directory, 'docs/reference/schema/notes.md'), 'utf8')

describe('schema-reference', () => {
  test('finds the pages of this repository in step with its schemas', async () => {
    const { databases } = await loadCatalog(root)
    const sources = databases.map(({ name, schemaFile }) => `${name}=${schemaFile}`)
    const result = await run(node, [command, '--check', ...sources], { cwd: root })
    expect(result).toEqual({ stdout: '', stderr: `${databases.length} pages, 0 findings\n`, exitCode: 0 })
  })

  test('writes a page per database, and nothing the second time', async () => {
    expect(await generate()).toMatchObject({
      stderr: '1 pages in docs/reference/schema, 1 changed\n',
      exitCode: 0,
    })
    expect(page()).toContain('| `id` | `integer` | no |  |  |')
    expect(await generate()).toMatchObject({ stderr: '1 pages in docs/reference/schema, 0 changed\n' })
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
    await run(node, [command, 'memos=schema.prisma'], { cwd: tree.directory })
    expect(pages()).toEqual(['README.md', 'memos.md'])
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const catalog = (...names: readonly string[]) => `export default { databases: {
${names.map((name) => `  ${name}: { directory: '${name}', schema: 'schema.prisma', migrations: 'migrations', url: { kind: 'variable', name: '${name}' } },`).join('\n')}
} }
`
const schema = (models: string) => `datasource db {\n  provider = "postgresql"\n}\n\n${models}`
const people = schema('model User {\n  id String @id @db.Uuid\n\n  @@map("users")\n}\n')
const notes = schema(`model Note {
  id     String @id @db.Uuid
  /// Who wrote it
  /// @reference(people.users.id, onDelete: Cascade)
  userId String @map("user_id") @db.Uuid
  words  String

  @@map("notes")
}
`)

let tree: Tree
beforeEach(() => {
  tree = makeTree({
    'databases.config.ts': catalog('people', 'notes'),
    'people/schema.prisma': people,
    'notes/schema.prisma': notes,
    'notes/migrations/001_words/migration.sql': '-- creates: notes\n\nCREATE TABLE notes ();\n',
  })
})
afterEach(() => tree.dispose())

const draw = (...args: readonly string[]) =>
  run(node, [dbCommand, 'diagram', ...args], { cwd: tree.directory })
const files = (folder = 'docs/pictures') => readdirSync(join(tree.directory, folder)).sort()
const read = (name: string) => readFileSync(join(tree.directory, 'docs/pictures', name), 'utf8')

describe('db diagram', () => {
  test('finds the pictures of this repository in step with its schemas', async () => {
    const result = await run(node, [dbCommand, 'diagram', '--check'], { cwd: root })
    expect(result).toMatchObject({ stdout: '', exitCode: 0 })
    expect(result.stderr).toContain('6 files, 0 findings\n')
  })

  test('draws each database and all together, and nothing the second time', async () => {
    expect(await draw()).toMatchObject({ stderr: '6 files, 6 changed\n', stdout: '', exitCode: 0 })
    expect(files()).toEqual(
      ['all-databases', 'notes', 'people'].flatMap((name) => [`${name}.mmd`, `${name}.svg`]),
    )
    expect(read('notes.svg')).toContain('>user_id → people.users.id · Cascade<')
    expect(read('notes.svg')).toContain('>001_words<')
    expect(read('all-databases.svg')).toContain('<title>notes.notes.user_id → people.users.id')
    expect(read('all-databases.mmd')).toContain('people_users ||..o{ notes_notes : "user_id, Cascade"')
    expect(await draw()).toMatchObject({ stderr: '6 files, 0 changed\n' })
  })

  test('--check names what is missing or stale with exit code 4, and writes nothing', async () => {
    const missing = await draw('--check')
    expect(missing.stdout).toContain('docs/pictures/people.svg:1:1  diagram.missing')
    expect(missing.exitCode).toBe(4)

    await draw()
    const before = read('notes.mmd')
    tree.write('notes/schema.prisma', notes.replace('words  String', 'words  String?'))
    const stale = await draw('--check')
    expect(stale.stdout).toMatch(/^docs\/pictures\/notes\.svg:\d+:1 {2}diagram\.stale\n/)
    // Of all together only the keys are drawn.
    expect(stale.stdout).not.toContain('all-databases')
    expect(stale.exitCode).toBe(4)
    expect(read('notes.mmd')).toBe(before)
  })

  test('--only leaves the pictures of the others as they are, and --out takes them elsewhere', async () => {
    expect(await draw('--only', 'notes', '--out', 'pictures')).toMatchObject({
      stderr: '4 files, 4 changed\n',
    })
    expect(files('pictures')).toEqual(['all-databases.mmd', 'all-databases.svg', 'notes.mmd', 'notes.svg'])
    await draw()
    expect(await draw('--only', 'notes')).toMatchObject({ stderr: '4 files, 0 changed\n' })
    expect(files()).toHaveLength(6)
  })

  test('removes the pictures of a database that is gone, and keeps what people drew', async () => {
    tree.write('docs/pictures/drawn.svg', '<svg/>\n')
    await draw()
    tree.write('databases.config.ts', catalog('people'))
    await draw()
    expect(files()).toEqual(['drawn.svg', 'people.mmd', 'people.svg'])
  })
})

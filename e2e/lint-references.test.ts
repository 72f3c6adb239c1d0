import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCatalog } from '@manybase/migrator'
import { node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const command = join(root, 'packages/app-validation/bin/lint-references.js')

const schema = (model: string) => `datasource db {\n  provider = "postgresql"\n}\n\n${model}\n`
const people = schema('model User {\n  id String @id @db.Uuid\n\n  @@map("users")\n}')
const notes = (column: string) => schema(`model Note {\n  id String @id @db.Uuid\n${column}\n}`)

let tree: Tree
beforeEach(() => {
  tree = makeTree({ 'people/schema.prisma': people, 'notes/schema.prisma': notes('') })
})
afterEach(() => tree.dispose())

const lint = (...args: readonly string[]) => run(node, [command, ...args], { cwd: tree.directory })
const both = ['people=people/schema.prisma', 'notes=notes/schema.prisma']

describe('lint-references', () => {
  test('passes the databases of the catalog', async () => {
    const { databases } = await loadCatalog(root)
    const sources = databases.map(({ name, schemaFile }) => `${name}=${schemaFile}`)
    const { stdout, stderr, exitCode } = await run(node, [command, ...sources], { cwd: root })
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^\d+ tables, [1-9]\d* references, 0 findings\n$/)
    expect(exitCode).toBe(0)
  })

  test('refuses an undeclared column: place, what, why, fix, and exit code 4', async () => {
    tree.write('notes/schema.prisma', notes('  createdBy String @map("created_by") @db.Uuid'))
    const { stdout, stderr, exitCode } = await lint(...both)
    expect(stdout).toBe(`notes/schema.prisma:7:3  reference.undeclared
  Note.created_by is a uuid without a foreign key, and doesn’t say what it refers to.
  why  If it names a row of another database, nothing checks it on write or follows it on delete.
  fix  Put above the field: /// @reference(database.table.column, onDelete: Cascade | SetNull | Restrict | Keep) or @reference(none).

`)
    expect(stderr).toBe('2 tables, 0 references, 1 findings\n')
    expect(exitCode).toBe(4)
  })

  test('accepts the column once it is declared, and prints the catalog as JSON', async () => {
    tree.write(
      'notes/schema.prisma',
      notes('  /// @reference(people.users.id, onDelete: Cascade)\n  createdBy String @db.Uuid'),
    )
    const { stdout, exitCode } = await lint('--json', ...both)
    expect(JSON.parse(stdout)).toMatchObject({
      references: [
        { table: 'Note', column: 'createdBy', target: { database: 'people' }, onDelete: 'Cascade' },
      ],
      findings: [],
    })
    expect(exitCode).toBe(0)
  })

  test('reads a folder of schema files', async () => {
    tree.write('split/base.prisma', schema(''))
    tree.write(
      'split/models/note.prisma',
      'model Note {\n  id  String @id @db.Uuid\n  who String @db.Uuid\n}\n',
    )
    const { stdout, exitCode } = await lint('notes=split')
    expect(stdout).toContain('split/models/note.prisma:3:3  reference.undeclared')
    expect(exitCode).toBe(4)
  })

  test.each([
    ['no schema', [], 'arguments.invalid'],
    ['a path without a name', ['people/schema.prisma'], 'arguments.invalid'],
    ['a name twice', ['people=people/schema.prisma', 'people=notes/schema.prisma'], 'arguments.invalid'],
    ['an unknown option', ['--jsn', ...both], 'arguments.invalid'],
    ['a path to nowhere', ['people=nowhere.prisma'], 'schema.missing'],
  ])('refuses %s with exit code 2', async (_, args, code) => {
    const { stdout, stderr, exitCode } = await lint(...args)
    expect(stdout).toBe('')
    expect(stderr).toContain(`[${code}]`)
    expect(exitCode).toBe(2)
  })

  test('refuses an invalid schema with Prisma’s own message', async () => {
    tree.write('notes/schema.prisma', notes('  kind Nothing'))
    const { stderr, exitCode } = await lint(...both)
    expect(stderr).toMatch(/\[schema\.invalid\][\s\S]*Type "Nothing"[\s\S]*notes\/schema\.prisma:7/)
    expect(exitCode).toBe(2)
  })

  test('has a row on its page for every finding', () => {
    const namesIn = (path: string, pattern: RegExp) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map(([, name]) => name).sort()
    const declared = namesIn('packages/app-validation/src/references/findings.ts', /'(reference\.\w+)'/g)
    expect(declared.length).toBeGreaterThan(10)
    expect(namesIn('docs/reference/schema/README.md', /^\| `(reference\.\w+)` \|/gm)).toEqual(declared)
  })
})

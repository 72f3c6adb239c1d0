import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dbCommand, node, root, run } from './support/run.ts'
import { makeTree, type Tree } from './support/tree.ts'

const schema = (model: string) => `datasource db {\n  provider = "postgresql"\n}\n\n${model}\n`
const people = schema('model User {\n  id String @id @db.Uuid\n\n  @@map("users")\n}')
const notes = (column: string) => schema(`model Note {\n  id String @id @db.Uuid\n${column}\n}`)

const catalog = (...names: readonly string[]) => `export default {
  databases: {${names.map((name) => `${name}: { directory: '${name}', schema: 'schema.prisma', url: { kind: 'variable', name: 'URL' } }`)}},
}`

let tree: Tree
beforeEach(() => {
  tree = makeTree({
    'databases.config.ts': catalog('people', 'notes'),
    'people/schema.prisma': people,
    'notes/schema.prisma': notes(''),
  })
})
afterEach(() => tree.dispose())

const lint = (...args: readonly string[]) => run(node, [dbCommand, 'lint', ...args], { cwd: tree.directory })

describe('db lint', () => {
  test('passes the databases of the catalog', async () => {
    const { stdout, stderr, exitCode } = await run(node, [dbCommand, 'lint'], { cwd: root })
    expect(stdout).toBe('')
    expect(stderr).toMatch(/\d+ tables, [1-9]\d* references, 0 findings\n$/)
    expect(exitCode).toBe(0)
  })

  test('refuses an undeclared column: place, what, why, fix, and exit code 4', async () => {
    tree.write('notes/schema.prisma', notes('  createdBy String @map("created_by") @db.Uuid'))
    const { stdout, stderr, exitCode } = await lint()
    expect(stdout).toBe(`notes/schema.prisma:7:3  reference.undeclared
  Note.created_by is a uuid without a foreign key, and doesn’t say what it refers to.
  why  If it names a row of another database, nothing checks it on write or follows it on delete.
  fix  Put above the field: /// @reference(database.table.column, onDelete: Cascade | SetNull | Restrict | Keep) or @reference(none).

`)
    expect(stderr).toContain('2 tables, 0 references, 1 findings\n')
    expect(exitCode).toBe(4)
  })

  test('accepts the column once it is declared, and prints the catalog as JSON', async () => {
    tree.write(
      'notes/schema.prisma',
      notes('  /// @reference(people.users.id, onDelete: Cascade)\n  createdBy String @db.Uuid @unique'),
    )
    const { stdout, exitCode } = await lint('--json')
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
    tree.write('databases.config.ts', catalog('split').replace('schema.prisma', '.'))
    const { stdout, exitCode } = await lint()
    expect(stdout).toContain('split/models/note.prisma:3:3  reference.undeclared')
    expect(exitCode).toBe(4)
  })

  test('looks at the databases that are named', async () => {
    tree.write('notes/schema.prisma', notes('  createdBy String @db.Uuid'))
    expect(await lint('--only', 'people')).toMatchObject({ exitCode: 0 })
    expect(await lint('--only', 'notes')).toMatchObject({ exitCode: 4 })
    tree.write(
      'notes/schema.prisma',
      notes('  /// @reference(people.users.id, onDelete: Keep)\n  createdBy String @unique @db.Uuid'),
    )
    expect(await lint('--only', 'notes')).toMatchObject({ exitCode: 0, stdout: '' })
  })

  test('refuses a catalog whose schema is not there', async () => {
    tree.write('databases.config.ts', catalog('nowhere'))
    const { stdout, stderr, exitCode } = await lint()
    expect(stdout).toBe('')
    expect(stderr).toContain('[schema.missing]')
    expect(exitCode).toBe(2)
  })

  test('refuses an invalid schema with Prisma’s own message', async () => {
    tree.write('notes/schema.prisma', notes('  kind Nothing'))
    const { stderr, exitCode } = await lint()
    expect(stderr).toMatch(/\[schema\.invalid\][\s\S]*Type "Nothing"[\s\S]*notes\/schema\.prisma:7/)
    expect(exitCode).toBe(2)
  })

  test('has a row on its page for every finding', () => {
    const namesIn = (path: string, pattern: RegExp) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map(([, name]) => name).sort()
    const declared = namesIn(
      'packages/app-validation/src/references/findings.ts',
      /defineFinding\(\s*'(reference\.\w+)'/g,
    )
    expect(declared.length).toBeGreaterThan(10)
    expect(namesIn('docs/reference/schema/README.md', /^\| `(reference\.\w+)` \|/gm)).toEqual(declared)
  })
})

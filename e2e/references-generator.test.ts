import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { makePrismaProject, type PrismaProject } from './support/prisma-project.ts'
import { node, root, run } from './support/run.ts'

const provider = join(root, 'packages/migrator/bin/references.js')
const head = `generator references {
  provider = "${provider}"
  output   = "../generated"
}

datasource db {
  provider = "postgresql"
}
`
const people = `${head}
model User {
  id String @id @db.Uuid

  @@map("users")
}
`
const notes = (annotation: string, type = '@db.Uuid') => `${head}
model Note {
  id      Int     @id
  /// ${annotation}
  userId  String  @map("user_id") ${type}
  reply   Note[]  @relation("replies")
  replies Note?   @relation("replies", fields: [noteId], references: [id])
  noteId  Int?
  loose   String? @db.Uuid

  @@map("notes")
}
`
const catalog = `export default { databases: {
  people: { directory: '.', schema: 'people.prisma', url: { kind: 'variable', name: 'A' } },
  notes: { directory: '.', url: { kind: 'variable', name: 'B' } },
} }
`

let project: PrismaProject
beforeEach(() => {
  project = makePrismaProject('postgresql://nowhere', '')
  project.write('databases.config.ts', catalog)
  project.write('people.prisma', people)
})
afterEach(() => project.dispose())

const generate = (schema: string) => {
  project.write('prisma/schema.prisma', schema)
  return project.prisma(['generate'])
}

async function generated(): Promise<unknown> {
  const print = `import('./generated/references.ts').then((it) => console.log(JSON.stringify(it)))`
  return JSON.parse((await run(node, ['-e', print], { cwd: project.directory })).stdout)
}

describe('the generator of references', () => {
  test('writes the annotations of a schema as a constant, and the models with their relations', async () => {
    const { stdout, exitCode } = await generate(notes('@reference(people.users.id, onDelete: Cascade)'))
    expect(stdout).toContain('Generated references between databases')
    expect(exitCode).toBe(0)
    expect(await generated()).toMatchObject({
      references: [
        {
          database: 'notes',
          schema: null,
          table: 'notes',
          column: 'user_id',
          model: 'Note',
          field: 'userId',
          target: { database: 'people', schema: null, table: 'users', column: 'id' },
          onDelete: 'Cascade',
          required: true,
          type: 'uuid',
        },
      ],
      models: {
        Note: {
          schema: null,
          table: 'notes',
          fields: {
            id: { type: 'Int', native: 'integer', isRequired: true, hasDefault: false },
            userId: { type: 'String', native: 'uuid', isList: false, isRequired: true, values: [] },
            noteId: { isRequired: false },
            loose: { isRequired: false },
          },
          relations: { reply: 'Note', replies: 'Note' },
        },
      },
    })
  })

  test.each([
    ['reference.unknownTable', notes('@reference(people.persons.id, onDelete: Cascade)')],
    ['reference.typeMismatch', notes('@reference(people.users.id, onDelete: Cascade)', '')],
    ['reference.setNullOnRequired', notes('@reference(people.users.id, onDelete: SetNull)')],
    ['reference.malformed', notes('@reference(people.users)')],
  ])('refuses %s, and names file and line', async (kind, schema) => {
    const { stderr, exitCode } = await generate(schema)
    expect(stderr).toContain(`prisma/schema.prisma:12:3  ${kind}`)
    expect(stderr).toContain('[references.unsound]')
    expect(exitCode).not.toBe(0)
    expect(project.exists('generated/references.ts')).toBe(false)
  })

  test('is not stopped by what is wrong in the schema of another database', async () => {
    project.write(
      'people.prisma',
      people.replace('  id', '  /// @reference(nowhere)\n  other String @db.Uuid\n  id'),
    )
    const { exitCode } = await generate(notes('@reference(people.users.id, onDelete: Keep)'))
    expect(exitCode).toBe(0)
  })

  test('refuses a schema that no database of the catalog has', async () => {
    project.write('databases.config.ts', catalog.replace(/ {2}notes:.*\n/, ''))
    const { stderr, exitCode } = await generate(notes('@reference(people.users.id, onDelete: Keep)'))
    expect(stderr).toContain('[database.schema-unknown]')
    expect(exitCode).not.toBe(0)
  })

  test('finds the references of this repository', () => {
    const text = readFileSync(join(root, 'packages/db-specs/generated/references.ts'), 'utf8')
    expect(text.match(/"onDelete"/g)).toHaveLength(23)
  })
})

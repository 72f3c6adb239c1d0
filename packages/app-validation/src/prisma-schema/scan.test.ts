import { describe, expect, test } from '@jest/globals'
import { readDatamodel } from './engine.ts'
import { maskStrings, scan } from './scan.ts'

const text = `datasource db {
  provider = "postgresql"
}

/// lost: an empty line follows

model Person {
  id Int @id /// behind it
  /// lost

  /// above
  // two slashes
  /// below them
  name String @default("no // comment, no { block }") /// and behind

  /// an empty line doesn't detach it from a field

  email String?
  age Int
    ///no space
  size Int
  /// dangling
}

model Pet {
  id Int @id
  /// above a block attribute
  @@map("pets")
  name String
}
`

const outline = scan({ file: 'schema.prisma', text })
const person = outline.blocks.find(({ name }) => name === 'Person')
const documentation = (field: string) =>
  person?.members
    .find(({ name }) => name === field)
    ?.comments.filter(({ isDocumentation }) => isDocumentation)
    .map((comment) => comment.text)
    .join('\n')

describe('scan', () => {
  test('attaches to each field the same documentation as Prisma does', () => {
    const [model] = readDatamodel('people', [{ file: 'schema.prisma', text }]).models
    const fields = model?.fields ?? []
    expect(fields.map(({ name }) => name)).toEqual(['id', 'name', 'email', 'age', 'size'])
    for (const field of fields)
      expect([field.name, documentation(field.name)]).toEqual([field.name, field.documentation ?? ''])
    expect(person?.comments).toEqual([])
  })

  test('lets no comment drift past a block attribute to the next field, as Prisma’s parser does', () => {
    const pet = outline.blocks.find(({ name }) => name === 'Pet')
    expect(pet?.members.map(({ name, comments }) => [name, comments.length])).toEqual([
      ['id', 0],
      ['@@map', 1],
      ['name', 0],
    ])
  })

  test('knows the place of every block, member and comment', () => {
    expect(person?.position).toEqual({ file: 'schema.prisma', line: 7, column: 1 })
    const name = person?.members.find((member) => member.name === 'name')
    expect(name?.position).toEqual({ file: 'schema.prisma', line: 14, column: 3 })
    expect(name?.comments.map(({ position }) => [position.line, position.column])).toEqual([
      [11, 3],
      [12, 3],
      [13, 3],
      [14, 55],
    ])
    expect(outline.comments).toHaveLength(11)
  })

  test('takes nothing inside a string for syntax', () => {
    expect(maskStrings('a String @default("x // \\" {") // "real')).toBe(
      `a String @default("${' '.repeat(9)}") // "real`,
    )
    expect(outline.blocks.map(({ name }) => name)).toEqual(['db', 'Person', 'Pet'])
  })
})

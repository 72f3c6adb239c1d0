import { describe, expect, test } from '@jest/globals'
import { parseSchema } from '../prisma-schema/parse.ts'
import { resolveReferences } from './resolve.ts'

const head = 'datasource db {\n  provider = "postgresql"\n}\n'

const auth = parseSchema('auth', [
  {
    file: 'auth.prisma',
    text: `${head}
model User {
  id    String @id @db.Uuid
  email String @unique @db.VarChar(320)
  name  String

  @@map("users")
}
`,
  },
])

/** A schema of one table `notes` with these fields; line 6 is the first. */
const notes = (fields: string) =>
  parseSchema('specs', [
    {
      file: 'specs.prisma',
      text: `${head}
model Note {
${fields}
  id String @id @db.Uuid

  @@map("notes")
}
`,
    },
  ])

const resolve = (fields: string) => resolveReferences([auth, notes(fields)])

describe('resolveReferences', () => {
  test('gives a typed, frozen catalog in the names of the database', () => {
    const { references, findings } = resolve(`
  /// Reference to users.id in auth (no FK - cross-database)
  /// @reference(auth.users.id, onDelete: Cascade)
  userId String @map("user_id") @db.Uuid
  /// @reference(auth.users.email, onDelete: SetNull)
  mail String? @db.VarChar(100)
  @@index([userId, id])
  @@index([mail], type: Hash)`)
    expect(findings).toEqual([])
    expect(references).toEqual([
      {
        database: 'specs',
        schema: null,
        table: 'notes',
        column: 'user_id',
        model: 'Note',
        field: 'userId',
        target: { database: 'auth', schema: null, table: 'users', column: 'id' },
        onDelete: 'Cascade',
        required: true,
        type: 'uuid',
        position: { file: 'specs.prisma', line: 8, column: 3 },
      },
      expect.objectContaining({ column: 'mail', required: false, type: 'varchar(100)', onDelete: 'SetNull' }),
    ])
    const [first] = references
    expect([references, first, first?.target].every(Object.isFrozen)).toBe(true)
  })

  test('is silent about keys, foreign keys, opted-out columns and other types', () => {
    const { references, findings } = resolve(`
  parentId String? @db.Uuid
  parent   Note?   @relation("tree", fields: [parentId], references: [id])
  children Note[]  @relation("tree")
  /// @reference(none)
  entityId String  @db.Uuid
  number   Int
  text     String`)
    expect({ references, findings }).toEqual({ references: [], findings: [] })
  })

  test.each([
    ['undeclared', 'userId String @db.Uuid'],
    ['undeclared', 'userIds String[] @db.Uuid'],
    ['undeclared', 'userId String? @ignore @db.Uuid'],
    ['undeclared', 'userId Unsupported("uuid")'],
    ['malformed', '/// @reference(auth.users.id)\n  userId String @db.Uuid'],
    ['unknownAction', '/// @reference(auth.users.id, onDelete: Drop)\n  userId String @db.Uuid'],
    ['setNullOnRequired', '/// @reference(auth.users.id, onDelete: SetNull)\n  userId String @db.Uuid'],
    ['onList', '/// @reference(auth.users.id, onDelete: Keep)\n  userIds String[] @db.Uuid'],
    ['sameDatabase', '/// @reference(specs.notes.id, onDelete: Keep)\n  other String @db.Uuid'],
    ['unknownDatabase', '/// @reference(nowhere.users.id, onDelete: Keep)\n  userId String @db.Uuid'],
    ['unknownTable', '/// @reference(auth.User.id, onDelete: Keep)\n  userId String @db.Uuid'],
    ['unknownColumn', '/// @reference(auth.users.ID, onDelete: Keep)\n  userId String @db.Uuid'],
    ['targetNotUnique', '/// @reference(auth.users.name, onDelete: Keep)\n  userName String'],
    ['typeMismatch', '/// @reference(auth.users.id, onDelete: Keep)\n  userId String'],
    ['repeated', '/// @reference(none)\n  /// @reference(none)\n  userId String @db.Uuid'],
    ['misplaced', '/// @reference(none)\n  @@index([id])'],
  ])('finds reference.%s in %j', (kind, fields) => {
    const { references, findings } = resolve(`  ${fields}`)
    expect(findings.map((finding) => finding.kind)).toEqual([`reference.${kind}`])
    expect(references).toEqual([])
  })

  test.each([
    ['there is none', ''],
    ['it is behind another column', '@@index([id, userId])'],
    ['it can’t be asked for one value', '@@index([userId], type: Brin)'],
  ])('finds a reference without an index that serves it: %s', (_, index) => {
    const { references, findings } = resolve(`
  /// @reference(auth.users.id, onDelete: Keep)
  userId String @db.Uuid
  ${index}`)
    expect(references).toHaveLength(1)
    expect(findings).toMatchObject([{ kind: 'reference.unindexed', meta: { column: 'notes.userId' } }])
  })

  test('finds a key type that has several texts for one value', () => {
    const prices = parseSchema('auth', [
      {
        file: 'auth.prisma',
        text: `${head}\nmodel Price {\n  amount Decimal @id @db.Decimal\n  @@map("prices")\n}\n`,
      },
    ])
    const { findings } = resolveReferences([
      prices,
      notes('  /// @reference(auth.prices.amount, onDelete: Keep)\n  amount Decimal @db.Decimal'),
    ])
    expect(findings.map(({ kind }) => kind)).toEqual(['reference.keyType'])
  })

  test.each([
    ['Restrict', ['fk_pages_note_id of pages']],
    ['NoAction', ['fk_pages_note_id of pages']],
    ['SetNull', []],
    ['Cascade', ['fk_lines_page_id of lines']],
  ])('finds what a cascade runs into below a key that is %s', (onDelete, blocked) => {
    const books = parseSchema('specs', [
      {
        file: 'specs.prisma',
        text: `${head}
model Note {
  id     String @id @db.Uuid
  /// @reference(auth.users.id, onDelete: Cascade)
  userId String @db.Uuid
  pages  Page[]
  @@index([userId])
  @@map("notes")
}
model Page {
  id     String  @id @db.Uuid
  noteId String? @map("note_id") @db.Uuid
  note   Note?   @relation(fields: [noteId], references: [id], onDelete: ${onDelete}, map: "fk_pages_note_id")
  lines  Line[]
  @@map("pages")
}
model Line {
  id     Int    @id
  pageId String @map("page_id") @db.Uuid
  page   Page   @relation(fields: [pageId], references: [id], onDelete: Restrict, map: "fk_lines_page_id")
  @@map("lines")
}
`,
      },
    ])
    const { findings, references } = resolveReferences([auth, books])
    expect(references).toHaveLength(1)
    expect(findings.map(({ kind }) => kind)).toEqual(blocked.map(() => 'reference.cascadeBlocked'))
    for (const [index, words] of blocked.entries()) expect(findings[index]?.what).toContain(words)
  })

  test('finds a reference on a column that has a foreign key', () => {
    const { findings } = resolve(`
  /// @reference(auth.users.id, onDelete: Keep)
  parentId String? @db.Uuid
  parent   Note?   @relation("tree", fields: [parentId], references: [id])
  children Note[]  @relation("tree")`)
    expect(findings).toMatchObject([
      { kind: 'reference.foreignKeyExists', position: { file: 'specs.prisma', line: 7, column: 3 } },
    ])
  })

  test('finds an annotation with two slashes, and the column that it therefore doesn’t declare', () => {
    const { findings } = resolve(`
  // @reference(auth.users.id, onDelete: Keep)
  userId String @db.Uuid`)
    expect(findings.map(({ kind, position }) => [kind, position.line])).toEqual([
      ['reference.misplaced', 7],
      ['reference.undeclared', 8],
    ])
  })

  test('takes the uuids of a composite key for references', () => {
    const schema = parseSchema('specs', [
      {
        file: 'specs.prisma',
        text: `${head}
model Member {
  teamId String @db.Uuid
  userId String @db.Uuid

  @@id([teamId, userId])
}
`,
      },
    ])
    expect(resolveReferences([auth, schema]).findings.map(({ what }) => what)).toEqual([
      expect.stringContaining('Member.teamId'),
      expect.stringContaining('Member.userId'),
    ])
  })

  test('asks for the PostgreSQL schema where two have such a table', () => {
    const twice = parseSchema('auth', [
      {
        file: 'auth.prisma',
        text: `datasource db {
  provider = "postgresql"
  schemas  = ["people", "robots"]
}
model User {
  id String @id @db.Uuid

  @@map("users")
  @@schema("people")
}
model Robot {
  id String @id @db.Uuid

  @@map("users")
  @@schema("robots")
}
`,
      },
    ])
    const ambiguous = notes('  /// @reference(auth.users.id, onDelete: Keep)\n  userId String @db.Uuid')
    expect(resolveReferences([twice, ambiguous]).findings).toMatchObject([
      { kind: 'reference.ambiguousTable', meta: { schemas: ['people', 'robots'] } },
    ])
    const exact = notes('  /// @reference(auth.robots.users.id, onDelete: Keep)\n  userId String @db.Uuid')
    expect(resolveReferences([twice, exact]).references).toMatchObject([{ target: { schema: 'robots' } }])
  })

  test('explains every finding', () => {
    const { findings } = resolve('  userId String @db.Uuid')
    expect(findings).toMatchObject([
      {
        position: { file: 'specs.prisma', line: 6, column: 3 },
        what: 'notes.userId is a uuid without a foreign key, and doesn’t say what it refers to.',
        why: expect.stringContaining('nothing checks it'),
        fix: expect.stringContaining('@reference(none)'),
      },
    ])
  })
})

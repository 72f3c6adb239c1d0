import { describe, expect, test } from '@jest/globals'
import { parseSchema } from '../prisma-schema/parse.ts'
import { renderPages } from './render.ts'

const head = 'datasource db {\n  provider = "postgresql"\n}\n'
const auth = `${head}
/// User accounts
model User {
  /// Unique identifier
  id String @id(map: "pk_users") @default(dbgenerated("gen_random_uuid()")) @db.Uuid

  @@map("users")
}
`
const specs = `${head}
enum Phase {
  /// Only an idea
  discovery
}

/// Project | metadata
model Project {
  id     String  @id(map: "pk_projects") @db.Uuid
  /// Reference to users.id in auth (no FK - cross-database)
  /// @reference(auth.users.id, onDelete: Cascade)
  userId String  @map("user_id") @db.Uuid
  phase  Phase   @default(discovery)
  tags   String[]
  notes  Note[]

  @@index([userId], map: "ix_projects_user_id")
  @@map("projects")
}

model Note {
  id        String   @id @default(uuid()) @db.Uuid
  projectId String?  @map("project_id") @db.Uuid
  project   Project? @relation(fields: [projectId], references: [id])

  @@map("notes")
}
`

const pages = renderPages([
  parseSchema('auth', [{ file: 'auth.prisma', text: auth }]),
  parseSchema('specs', [{ file: 'specs.prisma', text: specs }]),
])

describe('renderPages', () => {
  test('describes columns, keys, actions, indexes and references, table by table', () => {
    expect(
      pages.get('specs.md'),
    ).toBe(`<!-- Generated from the Prisma schema: edit that, and run schema-reference. -->

# specs

2 tables, 6 columns, 3 indexes (keys included), 1 enumerations.

## Tables

| table | what it holds |
| --- | --- |
| [\`projects\`](#projects) | Project \\| metadata |
| [\`notes\`](#notes) |  |

## projects

Project | metadata

| column | type | null | default | comment |
| --- | --- | --- | --- | --- |
| \`id\` | \`uuid\` | no |  |  |
| \`user_id\` | \`uuid\` | no |  | Reference to users.id in auth (no FK - cross-database) |
| \`phase\` | \`Phase\` | no | \`'discovery'\` |  |
| \`tags\` | \`text[]\` | no |  |  |

### References to other databases

| column | references | on delete |
| --- | --- | --- |
| \`user_id\` | \`auth.users.id\` | Cascade |

### Referenced by

| column | by | on delete |
| --- | --- | --- |
| \`notes.project_id\` | foreign key | SET NULL |

### Keys and indexes

| name | kind | method | columns |
| --- | --- | --- | --- |
| \`pk_projects\` | primary key | btree | \`id\` |
| \`ix_projects_user_id\` | index | btree | \`user_id\` |

## notes

| column | type | null | default | comment |
| --- | --- | --- | --- | --- |
| \`id\` | \`uuid\` | no | \`uuid(4)\` by Prisma Client |  |
| \`project_id\` | \`uuid\` | yes |  |  |

### Foreign keys

| name | columns | references | on delete | on update |
| --- | --- | --- | --- | --- |
| \`notes_project_id_fkey\` | \`project_id\` | \`projects\` (\`id\`) | SET NULL | CASCADE |

### Keys and indexes

| name | kind | method | columns |
| --- | --- | --- | --- |
| \`notes_pkey\` | primary key | btree | \`id\` |

## Enumerations

### Phase

- \`discovery\`: Only an idea
`)
  })

  test('shows on the referenced side which tables of other databases name its rows', () => {
    expect(pages.get('auth.md')).toContain('| `specs.projects.user_id` | across databases | Cascade |')
  })
})

import { type DatabaseSchema, parseSchema, resolveReferences } from '@manybase/app-validation'
import type { Model } from '../drawing/model.ts'

const head = 'datasource db {\n  provider = "postgresql"\n}\n'

const people = `${head}
/// Who may sign in
model User {
  /// Unique identifier
  id    String @id @db.Uuid
  email String @unique

  @@map("users")
}
`

const notes = `${head}
enum Phase {
  idea
  done

  @@map("phase")
}

/// What is <being> done
model Project {
  id     String   @id @db.Uuid
  /// Who owns it
  /// @reference(people.users.id, onDelete: Cascade)
  userId String   @map("user_id") @db.Uuid
  name   String   @default("a \\"name\\"") @db.VarChar(255)
  phase  Phase    @default(idea)
  rate   Decimal? @db.Decimal(5, 2)
  notes  Note[]
  tags   String[]

  @@unique([userId, name])
  @@map("projects")
}

model Note {
  id        Int      @id
  projectId String?  @map("project_id") @db.Uuid
  project   Project? @relation(fields: [projectId], references: [id], onDelete: SetNull, map: "fk_notes_project")
  nextId    Int?     @unique @map("next_id")
  next      Note?    @relation("next", fields: [nextId], references: [id])
  previous  Note?    @relation("next")
  /// @reference(people.users.id, onDelete: SetNull)
  writerId  String?  @map("writer_id") @db.Uuid

  @@map("notes")
}
`

const schemas = [
  parseSchema('people', [{ file: 'people.prisma', text: people }]),
  parseSchema('notes', [{ file: 'notes.prisma', text: notes }]),
]

/** Two small databases with every kind of key; revision 001 of the second made its projects. */
export const model: Model = {
  schemas,
  references: resolveReferences(schemas).references,
  groupOf: (_, table) => (table === 'projects' ? '001_projects' : undefined),
}

/** @param database `people`, which is referred to, or `notes`, which refers to it */
export function schemaOf(database: string): DatabaseSchema {
  const schema = schemas.find((each) => each.database === database)
  if (!schema) throw new TypeError(`There is no database ${database}.`)
  return schema
}

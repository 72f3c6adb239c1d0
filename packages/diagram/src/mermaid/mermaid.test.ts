import { expect, test } from '@jest/globals'
import { drawAll, drawDatabase } from '../drawing/draw.ts'
import { model, schemaOf } from '../testing/model.ts'
import { renderMermaid } from './mermaid.ts'

test('one database: tables, columns with keys and comments, foreign keys', () => {
  expect(
    renderMermaid(drawDatabase(model, schemaOf('notes'))),
  ).toBe(`%% Generated from the Prisma schemas: edit these, and run db diagram.
erDiagram
  direction LR
  notes_projects["projects"] {
    uuid id PK
    uuid user_id FK "Who owns it"
    varchar(255) name
    phase phase
    numeric(5_2) rate
    text[] tags
  }
  notes_notes["notes"] {
    integer id PK
    uuid project_id FK
    integer next_id FK, UK
    uuid writer_id FK
  }
  notes_projects |o--o{ notes_notes : "project_id, SetNull"
  notes_notes |o--o| notes_notes : "next_id, SetNull"
`)
})

test('all databases: tables carry their database, and references between them are dotted', () => {
  const text = renderMermaid(drawAll(model))
  expect(text).toContain('  people_users["people.users"] {\n    uuid id PK "Unique identifier"\n  }\n')
  expect(text).toContain('  people_users ||..o{ notes_projects : "user_id, Cascade"\n')
  expect(text).toContain('  people_users |o..o{ notes_notes : "writer_id, SetNull"\n')
})

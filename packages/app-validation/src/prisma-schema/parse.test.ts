import { describe, expect, test } from '@jest/globals'
import { isFailure } from '@manybase/failure'
import { parseSchema } from './parse.ts'
import type { Table } from './schema.ts'

const text = `generator client {
  provider = "prisma-client"
  output   = "../generated"
}

datasource db {
  provider = "postgresql"
}

/// How far it has come
enum Phase {
  /// Only an idea
  DISCOVERY @map("discovery")
  BUILD

  @@map("project_phase")
}

/// A project of a user
model Project {
  id       String    @id(map: "pk_projects") @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  /// Whose it is
  userId   String    @map("user_id") @db.Uuid
  parentId String?   @map("parent_id") @db.Uuid
  name     String    @default("it's") @db.VarChar(255)
  phase    Phase     @default(DISCOVERY)
  budget   Decimal?  @db.Decimal(12, 2)
  tags     String[]  @default(["a", "b"])
  meta     Json      @default("{}")
  secret   String?   @ignore @db.Uuid
  search   Unsupported("tsvector")? @default(dbgenerated("to_tsvector('x')")) @map("search_vector")
  token    String    @default(uuid(7))
  madeAt   DateTime  @default(now()) @map("made_at") @db.Timestamptz(6)
  editedAt DateTime  @updatedAt
  parent   Project?  @relation("tree", fields: [parentId], references: [id], map: "fk_projects_parent_id")
  children Project[] @relation("tree")
  notes    Note[]

  @@unique([userId, name])
  @@index([userId, madeAt(sort: Desc)], map: "ix_projects_user_id_made_at")
  @@index([meta(ops: JsonbPathOps)], type: Gin)
  @@map("projects")
}

model Note {
  projectId String @db.Uuid
  number    Int
  project   Project @relation(fields: [projectId], references: [id], onDelete: Cascade, onUpdate: NoAction)

  @@id([projectId, number])
}

model Hidden {
  id String @id @db.Uuid

  @@ignore
}
`

const parse = (source: string) => parseSchema('specs', [{ file: 'schema.prisma', text: source }])
const schema = parse(text)
const tableNamed = (name: string): Table => {
  const table = schema.tables.find((candidate) => candidate.name === name)
  if (!table) throw new Error(`no table ${name}`)
  return table
}
const projects = tableNamed('projects')
const columnNamed = (name: string) => projects.columns.find((column) => column.name === name)

describe('parseSchema', () => {
  test('gives every table, also those that Prisma Client ignores, with its documentation', () => {
    expect(schema.tables.map(({ name, model }) => [name, model])).toEqual([
      ['projects', 'Project'],
      ['Note', 'Note'],
      ['Hidden', 'Hidden'],
    ])
    expect(projects.documentation).toBe('A project of a user')
  })

  test('gives every column in the order of the file, also ignored ones and those of types unknown to Prisma', () => {
    expect(projects.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id uuid',
      'user_id uuid',
      'parent_id uuid',
      'name varchar(255)',
      'phase project_phase',
      'budget numeric(12,2)',
      'tags text',
      'meta jsonb',
      'secret uuid',
      'search_vector tsvector',
      'token text',
      'made_at timestamptz(6)',
      'editedAt timestamp(3)',
    ])
    expect(projects.columns.filter(({ isRequired }) => !isRequired).map(({ name }) => name)).toEqual([
      'parent_id',
      'budget',
      'secret',
      'search_vector',
    ])
    expect(projects.columns.filter(({ isList }) => isList).map(({ name }) => name)).toEqual(['tags'])
  })

  test('writes defaults as SQL, and keeps apart what Prisma Client fills in', () => {
    const defaults = projects.columns.map((column) => [column.name, column.default, column.clientDefault])
    expect(defaults.filter(([, sql, client]) => sql !== null || client !== null)).toEqual([
      ['id', 'gen_random_uuid()', null],
      ['name', "'it''s'", null],
      ['phase', "'discovery'", null],
      ['tags', "ARRAY['a', 'b']", null],
      ['meta', "'{}'", null],
      ['search_vector', "to_tsvector('x')", null],
      ['token', null, 'uuid(7)'],
      ['made_at', 'CURRENT_TIMESTAMP', null],
      ['editedAt', null, '@updatedAt'],
    ])
  })

  test('gives foreign keys with the names and the actions that Prisma’s defaults amount to', () => {
    expect(projects.foreignKeys).toEqual([
      {
        name: 'fk_projects_parent_id',
        columns: ['parent_id'],
        target: { schema: null, table: 'projects', columns: ['id'] },
        onDelete: 'SetNull',
        onUpdate: 'Cascade',
      },
    ])
    expect(tableNamed('Note').foreignKeys).toMatchObject([
      { name: 'Note_projectId_fkey', onDelete: 'Cascade', onUpdate: 'NoAction' },
    ])
  })

  test('gives keys and indexes with their columns, order, method and operator class', () => {
    const described = projects.indexes.map(({ name, kind, method, columns }) => [
      name,
      kind,
      method,
      columns
        .map((column) =>
          [column.name, column.operatorClass ?? [], column.isDescending ? 'desc' : []].flat().join(' '),
        )
        .join(', '),
    ])
    expect(described).toEqual([
      ['pk_projects', 'primary key', 'btree', 'id'],
      ['ix_projects_user_id_made_at', 'index', 'btree', 'user_id, made_at desc'],
      ['projects_meta_idx', 'index', 'gin', 'meta jsonb_path_ops'],
      ['projects_user_id_name_key', 'unique', 'btree', 'user_id, name'],
    ])
    expect(tableNamed('Note').indexes.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['projectId', 'number'],
    ])
  })

  test('gives enumerations with the labels that the database has', () => {
    expect(schema.enums).toEqual([
      {
        name: 'project_phase',
        documentation: 'How far it has come',
        values: [
          { name: 'discovery', documentation: 'Only an idea' },
          { name: 'BUILD', documentation: '' },
        ],
      },
    ])
  })

  test('knows where a column stands', () => {
    expect(columnNamed('user_id')?.position).toEqual({ file: 'schema.prisma', line: 23, column: 3 })
    expect(columnNamed('user_id')?.documentation.map(({ text }) => text)).toEqual(['Whose it is'])
  })

  test('finds no foreign keys where Prisma only emulates them', () => {
    const emulated = parse(
      text
        .replace('"postgresql"\n', '"postgresql"\n  relationMode = "prisma"\n')
        .replace(/, onUpdate: NoAction|map: "fk_projects_parent_id"/g, '')
        .replace('references: [id], )', 'references: [id], onDelete: Restrict, onUpdate: Restrict)'),
    )
    expect(emulated.tables.flatMap(({ foreignKeys }) => foreignKeys)).toEqual([])
  })

  test('reads a schema of several files as one', () => {
    const files = [
      { file: 'a.prisma', text: 'datasource db {\n  provider = "postgresql"\n}\n' },
      { file: 'b.prisma', text: 'model B {\n  id Int @id\n}\n' },
    ]
    expect(parseSchema('specs', files).tables[0]?.position).toEqual({ file: 'b.prisma', line: 1, column: 1 })
  })

  test('refuses an invalid schema with Prisma’s message and the place', () => {
    const failure = catchError(() => parse('model A {\n  id Foo @id\n}\n'))
    expect(isFailure(failure)).toBe(true)
    expect(failure).toMatchObject({ code: 'schema.invalid', exitCode: 2 })
    expect(failure).toHaveProperty(
      'why',
      expect.stringMatching(/Type "Foo" is neither[\s\S]*schema\.prisma:2/),
    )
  })
})

function catchError(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

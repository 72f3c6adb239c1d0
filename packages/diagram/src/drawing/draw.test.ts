import { describe, expect, test } from '@jest/globals'
import { model, schemaOf } from '../testing/model.ts'
import { drawAll, drawDatabase } from './draw.ts'
import type { Drawing } from './drawing.ts'

const boxOf = ({ areas }: Drawing, name: string) =>
  areas.flatMap(({ boxes }) => boxes).find((box) => box.name === name)
const rowOf = (drawing: Drawing, table: string, column: string) =>
  boxOf(drawing, table)?.rows.find(({ name }) => name === column)

describe('the drawing of one database', () => {
  const drawing = drawDatabase(model, schemaOf('notes'))

  test('has its tables with all columns, and their types as PostgreSQL writes them', () => {
    expect(drawing.areas.map(({ database }) => database)).toEqual(['notes'])
    expect(boxOf(drawing, 'projects')?.rows.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id uuid',
      'user_id uuid',
      'name varchar(255)',
      'phase phase',
      'rate numeric(5,2)?',
      'tags text[]',
    ])
  })

  test('marks keys, and what is one only together with others', () => {
    const marks = (table: string, column: string) =>
      rowOf(drawing, table, column)?.marks.map(({ kind, isPart }) => `${isPart ? 'part of ' : ''}${kind}`)
    expect(marks('projects', 'id')).toEqual(['primary key'])
    expect(marks('projects', 'user_id')).toEqual(['reference', 'part of unique'])
    expect(marks('projects', 'name')).toEqual(['part of unique'])
    expect(marks('projects', 'phase')).toEqual([])
    expect(marks('notes', 'project_id')).toEqual(['foreign key'])
    expect(marks('notes', 'next_id')).toEqual(['foreign key', 'unique'])
  })

  test('draws foreign keys, and tells of references to other databases', () => {
    expect(drawing.lines.map(({ referenced, referencing }) => `${referencing} → ${referenced}`)).toEqual([
      'notes.notes.project_id → notes.projects.id',
      'notes.notes.next_id → notes.notes.id',
    ])
    expect(drawing.lines.map(({ isUnique }) => isUnique)).toEqual([false, true])
    expect(boxOf(drawing, 'projects')?.notes.map(({ text }) => text)).toEqual([
      'user_id → people.users.id · Cascade',
    ])
  })

  test('says at the referenced table where the references come from', () => {
    expect(boxOf(drawDatabase(model, schemaOf('people')), 'users')?.notes).toMatchObject([
      {
        text: 'id ← notes · 2 references',
        title: 'projects.user_id, on delete: Cascade\nnotes.writer_id, on delete: SetNull',
      },
    ])
  })

  test('explains on hovering: comments, defaults, the values of an enumeration, actions', () => {
    expect(boxOf(drawing, 'projects')?.title).toBe('projects: What is <being> done\n001_projects')
    expect(rowOf(drawing, 'projects', 'phase')?.title).toBe(
      "phase phase NOT NULL DEFAULT 'idea'\none of idea, done",
    )
    expect(rowOf(drawing, 'projects', 'user_id')?.title).toBe(
      'user_id uuid NOT NULL\nWho owns it\npeople.users.id, on delete: Cascade',
    )
    expect(drawing.lines[0]?.title).toBe(
      'fk_notes_project: notes (project_id) → projects (id)\nON DELETE SET NULL ON UPDATE CASCADE',
    )
  })

  test('knows what its tables came with', () => {
    expect(drawing.groups).toEqual(['001_projects'])
    expect(boxOf(drawing, 'notes')?.group).toBeUndefined()
  })
})

describe('the drawing of all databases', () => {
  const drawing = drawAll(model)

  test('has the keys of all, and counts the other columns', () => {
    expect(drawing.areas.map(({ database }) => database)).toEqual(['people', 'notes'])
    expect(boxOf(drawing, 'projects')?.rows.map(({ name }) => name)).toEqual(['id', 'user_id'])
    expect(boxOf(drawing, 'projects')?.notes).toEqual([
      {
        kind: 'omission',
        text: '+ 4 columns',
        title: 'name varchar(255)\nphase phase\nrate numeric(5,2)\ntags text[]',
      },
    ])
    expect(boxOf(drawing, 'users')?.notes.map(({ text }) => text)).toEqual(['+ 1 column'])
  })

  test('draws the references between them with what becomes of the row on delete', () => {
    const across = drawing.lines.filter(({ kind }) => kind === 'reference')
    expect(
      across.map(({ referencing, referenced, onDelete }) => `${referencing} → ${referenced} ${onDelete}`),
    ).toEqual([
      'notes.projects.user_id → people.users.id Cascade',
      'notes.notes.writer_id → people.users.id SetNull',
    ])
  })
})

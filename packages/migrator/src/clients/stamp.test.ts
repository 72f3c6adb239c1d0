import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { fromVariable } from '../catalog/define.ts'
import { schemaStamp } from './stamp.ts'

const root = mkdtempSync(join(tmpdir(), 'manybase-stamp-'))
afterAll(() => rmSync(root, { recursive: true }))

const database = (name: string) => ({
  name,
  label: name,
  directory: root,
  schemaFile: join(root, `${name}.prisma`),
  migrations: root,
  client: root,
  source: fromVariable('URL'),
})
const [people, notes, other] = [database('people'), database('notes'), database('other')]
const all = [people, notes, other]
const write = (name: string, text: string) => writeFileSync(join(root, `${name}.prisma`), text)

test('changes with the schema, and with those that its references name, and with no other', () => {
  write('people', 'a')
  write('other', 'a')
  write('notes', '/// @reference(people.users.id, onDelete: Keep)')
  const stamps = () => all.map((one) => schemaStamp(one, all))
  const before = stamps()
  write('people', 'b')
  const [ofPeople, ofNotes, ofOther] = stamps()
  expect(ofPeople).not.toBe(before[0])
  expect(ofNotes).not.toBe(before[1])
  expect(ofOther).toBe(before[2])
})

test('bears a database whose schema isn’t written yet', () => {
  rmSync(people.schemaFile, { force: true })
  write('notes', '/// @reference(people.users.id, onDelete: Keep)')
  expect(schemaStamp(notes, all)).toMatch(/^[0-9a-f]{64}$/)
})

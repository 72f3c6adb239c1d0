import { expect, test } from '@jest/globals'
import { dependentDatabases } from './dependents.ts'
import { line, revision } from './testing/make.ts'

const on = (database: string, needed: string) => ({
  database,
  revisions: [revision(database, '1', { dependsOn: [{ database: needed, id: '1' }] })],
})
const histories = [line('auth', '1'), on('specs', 'auth'), on('billing', 'specs'), on('audit', 'audit')]

test('databases that depend on one are found, those that do so through another included', () => {
  expect(dependentDatabases(histories, new Set(['auth']))).toEqual(new Set(['specs', 'billing']))
  expect(dependentDatabases(histories, new Set(['auth', 'specs']))).toEqual(new Set(['billing']))
  expect(dependentDatabases(histories, new Set(['billing', 'audit']))).toEqual(new Set())
})

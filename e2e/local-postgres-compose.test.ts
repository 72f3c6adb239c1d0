import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import { loadCatalog } from '@manybase/migrator'
import { root } from './support/run.ts'
import { query } from './support/tenant.ts'

const compose = await readFile(join(root, 'compose.yaml'), 'utf8')

test('compose.yaml creates every database of the catalog, and no other', async () => {
  const { databases } = await loadCatalog(root)
  const created = [...compose.matchAll(/CREATE DATABASE (\w+);/g)].map(([, name]) => name)
  expect(created.sort()).toEqual(databases.map(({ name }) => name).sort())
})

test('compose.yaml has no password in it, and refuses to start without one', () => {
  const passwords = [...compose.matchAll(/^\s*POSTGRES_PASSWORD: (.*)$/gm)].map(([, value]) => value)
  expect(passwords).toEqual([expect.stringMatching(/^\$\{POSTGRES_PASSWORD:\?[^}]*\}$/)])
})

test('the server of compose.yaml takes the settings that it is given', async () => {
  const [, command = ''] = /command: \[postgres, (.*)\]/.exec(compose) ?? []
  const settings = [...command.matchAll(/-c, (\w+)=(\w+)/g)].map(([, name, value]) => ({ name, value }))
  expect(settings).toContainEqual({ name: 'max_connections', value: '200' })
  const { adminUrl } = await testServer()
  for (const { name, value } of settings) {
    const rows = await query(
      adminUrl,
      `SELECT vartype, '${value}' = ANY(coalesce(enumvals, ARRAY['${value}'])) AS allowed
         FROM pg_settings WHERE name = '${name}'`,
    )
    expect({ name, rows }).toMatchObject({ name, rows: [{ allowed: true }] })
  }
})

import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  captureScript,
  fenceScript,
  partitionedTable,
  plainTable,
  projectsToUsers,
} from '../testing/sides.ts'
import { generation, mayTakePart, type Site, stampOf } from './stamp.ts'

const sites: readonly Site[] = ['auth', 'specs'].map((name) => ({
  name,
  schemaFile: `${name}.prisma`,
  schema: 'public',
  place: name,
}))
const texts = new Map([
  ['auth', 'model User { id String @id }'],
  ['specs', '/// @reference(auth.users.id, onDelete: Cascade)'],
  ['other', 'model Other { id Int @id }'],
])

describe('a stamp', () => {
  test('changes with a schema, and with where the databases lie to each other', () => {
    const stamp = stampOf(sites, texts)
    expect(stamp).toMatch(/^[0-9a-f]{64}$/)
    expect(stampOf(sites, new Map([...texts, ['auth', '']]))).not.toBe(stamp)
    expect(
      stampOf(
        sites.map((site) => ({ ...site, place: 'one' })),
        texts,
      ),
    ).not.toBe(stamp)
    expect(
      stampOf(
        sites.map((site) => ({ ...site, schema: site.name })),
        texts,
      ),
    ).not.toBe(stamp)
  })

  test('is the same wherever the databases are', () => {
    expect(
      stampOf(
        sites.map((site) => ({ ...site, place: `elsewhere ${site.name}` })),
        texts,
      ),
    ).toBe(stampOf(sites, texts))
  })
})

test('a database takes part that refers or is referred to', () => {
  expect(['auth', 'specs', 'other'].map((name) => mayTakePart(name, texts))).toEqual([true, true, false])
})

// A database that is in step by its stamp is not looked at closer. So whatever is generated, or a revision that is
// added, has to change `generation`: then put the new digest here.
test('what is generated has a generation of its own', () => {
  const relations = [plainTable('projects'), partitionedTable('parts')]
  const restricting = { ...projectsToUsers, onDelete: 'Restrict' } as const
  const generated = [
    captureScript([restricting], relations),
    fenceScript(projectsToUsers, relations),
    fenceScript(restricting, relations),
    ...['referenced', 'referencing'].flatMap((side) =>
      readdirSync(resolve(import.meta.dirname, '../histories', side, 'prisma/migrations')).sort(),
    ),
  ]
  const digest = createHash('sha256').update(generated.join('\n')).digest('hex')
  expect({ generation, digest: digest.slice(0, 16) }).toEqual({ generation: '3', digest: '27d6550437797452' })
})

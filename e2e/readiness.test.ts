import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { assertAtHead, checkReadiness, readKnownHistory } from '@manybase/migrator/readiness'
import pg from 'pg'
import { makeProject, type Project } from './support/project.ts'
import { makeTenant, type Tenant, withClient } from './support/tenant.ts'

let tenant: Tenant
let project: Project
let history: string

beforeAll(async () => {
  tenant = await makeTenant()
})
afterAll(() => tenant.dispose())
beforeEach(async () => {
  project = makeProject(tenant, { alpha: { '001_users': 'CREATE TABLE users (id int);\n' } })
  history = `${project.directory}/alpha/prisma/migrations`
  expect((await project.db(['migrate'])).exitCode).toBe(0)
})
afterEach(() => project.dispose())

const onClient = <T>(work: (client: pg.Client) => Promise<T>) => withClient(project.url('alpha'), work)

describe('an application that starts', () => {
  test('is let through at head, by a client, a pool, a folder or a built-in history', async () => {
    const ready = { kind: 'ready' }
    await onClient(async (client) => {
      expect(await assertAtHead(client, { history })).toEqual(ready)
      expect(await assertAtHead(client, { history: pathToFileURL(history) })).toEqual(ready)
    })
    const pool = new pg.Pool({ connectionString: project.url('alpha') })
    try {
      const builtIn = JSON.parse(JSON.stringify(readKnownHistory(history)))
      expect(await assertAtHead(pool, { history: builtIn })).toEqual(ready)
    } finally {
      await pool.end()
    }
  })

  test('is let through where a newer version has migrated already', async () => {
    const known = readKnownHistory(history)
    project.revision('alpha', '002_more', 'CREATE TABLE more (id int);')
    await project.db(['migrate'])
    expect(await onClient((client) => assertAtHead(client, { history: known }))).toEqual({
      kind: 'ahead',
      unknown: ['002_more'],
    })
  })

  test('is refused where the database is behind', async () => {
    project.revision('alpha', '002_more', 'CREATE TABLE more (id int);')
    await onClient(async (client) => {
      await expect(assertAtHead(client, { history })).rejects.toMatchObject({
        code: 'readiness.behind',
        what: 'The database is not at head: 002_more is not applied.',
        meta: { pending: ['002_more'] },
      })
      // A revision that was begun and not ended is not applied.
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', '', '002_more')`,
      )
      expect(await checkReadiness(client, { history })).toEqual({ kind: 'behind', pending: ['002_more'] })
    })
  })

  test('is refused where a migration was edited, and not where only its line ends were', async () => {
    project.revision('alpha', '001_users', 'CREATE TABLE users (id int);\r\n')
    await onClient(async (client) => {
      expect(await assertAtHead(client, { history })).toEqual({ kind: 'ready' })
      project.revision('alpha', '001_users', 'CREATE TABLE users (id bigint);\n')
      await expect(assertAtHead(client, { history })).rejects.toMatchObject({ code: 'readiness.divergent' })
    })
  })

  test('is refused where nobody can say: without a ledger, in another schema, without a server', async () => {
    await onClient(async (client) => {
      await expect(assertAtHead(client, { history, schema: 'else"where' })).rejects.toMatchObject({
        code: 'readiness.unknown',
        why: expect.stringContaining('there is no ledger in the schema "else"where"'),
      })
      await client.query('DROP TABLE _prisma_migrations')
      expect(await checkReadiness(client, { history })).toMatchObject({ kind: 'unknown' })
    })
    const nowhere = new pg.Pool({ connectionString: 'postgresql://me:secret@127.0.0.1:1/alpha' })
    try {
      const error: unknown = await assertAtHead(nowhere, { history }).catch((reason) => reason)
      expect(error).toMatchObject({ code: 'readiness.unknown', why: expect.stringContaining('ECONNREFUSED') })
      expect(JSON.stringify(error)).not.toContain('secret')
    } finally {
      await nowhere.end()
    }
  })
})

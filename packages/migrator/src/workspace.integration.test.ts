import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { testServer } from '@manybase/local-postgres/testing'
import type { Target } from './catalog/target.ts'
import { parseDatabaseUrl } from './catalog/url.ts'
import { fromVariable } from './config.ts'
import { withWorkspace } from './workspace.ts'

test('a connection that is lost anywhere is a failure that names the database, and no bug', async () => {
  const database = await (await testServer()).createDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'manybase-workspace-'))
  await mkdir(join(folder, '001_first'))
  await writeFile(join(folder, '001_first/migration.sql'), 'SELECT 1;\n')
  const target: Target = {
    name: 'auth',
    label: 'auth',
    directory: '.',
    schemaFile: 'schema.prisma',
    migrations: folder,
    client: 'client',
    source: fromVariable('URL_OF_AUTH'),
    connection: parseDatabaseUrl(database.url, 'URL_OF_AUTH'),
    origin: 'URL_OF_AUTH (environment)',
  }
  const working = withWorkspace([target], { create: false }, async ({ sessions }) => {
    await sessions[0]?.client.query('SELECT pg_terminate_backend(pg_backend_pid())')
  })
  await expect(working).rejects.toMatchObject({
    code: 'server.refused',
    what: expect.stringContaining('auth'),
  })
  await database.drop()
  await rm(folder, { recursive: true })
})

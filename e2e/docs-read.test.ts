import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { localPostgres } from '@manybase/local-postgres'
import { follow } from './docs/follow.ts'
import { makeReader, type Reader } from './docs/reader.ts'
import { freePort } from './support/free-port.ts'

let reader: Reader
let folder: string
const ownServer = localPostgres({ directory: 'own-server' })
/** What a page writes for a server of the reader's own, and what is there. */
let ownAddress: string
/** In the place of 3000, at which somebody may be at work. */
let apiPort: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manybase-docs-'))
  const [server, made] = await Promise.all([ownServer.start(folder), makeReader()])
  reader = made
  apiPort = await freePort()
  ownAddress = `${server.user}:${server.password}@${server.host}:${server.port}`
}, 120_000)

afterAll(async () => {
  await Promise.all([reader.leave(), ownServer.destroy(folder)])
  await rm(folder, { recursive: true, force: true })
}, 120_000)

const asThere = (text: string) =>
  text
    .replaceAll('postgres:password@localhost:5432', ownAddress)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${apiPort}`)
    .replaceAll('pnpm dev', `API_PORT=${apiPort} pnpm dev`)

describe('a reader of the pages, from top to bottom, gets what they show', () => {
  test.each([
    'README.md',
    'docs/how-to/look-at-data.md',
    'docs/how-to/completion.md',
    'docs/how-to/own-servers.md',
    'docs/how-to/production.md',
    'docs/how-to/prisma-cli.md',
    'docs/how-to/backups.md',
    'docs/tutorial/README.md',
    'docs/how-to/both-databases.md',
    'docs/tutorial/first-api-call.md',
    'docs/how-to/failed-migration.md',
  ])(
    '%s',
    async (path) => {
      reader.newShell()
      expect(await follow(path, reader, asThere)).toBeGreaterThan(0)
    },
    300_000,
  )
})

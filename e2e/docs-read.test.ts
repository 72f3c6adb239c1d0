import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { localPostgres } from '@manybase/local-postgres'
import { type Block, blocksOf } from './docs/blocks.ts'
import { matches, matchesUnordered } from './docs/expected.ts'
import { readText } from './docs/pages.ts'
import { makeReader, type Reader } from './docs/reader.ts'

let reader: Reader
let folder: string
const ownServer = localPostgres({ directory: 'own-server' })
/** What a page writes for a server of the reader's own, and what is there. */
let ownAddress: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manybase-docs-'))
  const [server, made] = await Promise.all([ownServer.start(folder), makeReader()])
  reader = made
  ownAddress = `${server.user}:${server.password}@${server.host}:${server.port}`
}, 120_000)

afterAll(async () => {
  await Promise.all([reader.leave(), ownServer.destroy(folder)])
  await rm(folder, { recursive: true, force: true })
}, 120_000)

const asThere = (text: string) => text.replaceAll('postgres:password@localhost:5432', ownAddress)

/** Does what a page says, from top to bottom, and compares what it shows. */
async function follow(path: string): Promise<number> {
  reader.newShell()
  const blocks = blocksOf(readText(path))
  let runs = 0
  for (const [index, block] of blocks.entries()) {
    const file = block.settings.get('file')
    if (file !== undefined) await reader.write(file, `${block.text}\n`)
    if (!block.flags.has('run')) continue
    runs += 1
    const result = await reader.type(asThere(block.text))
    const where = `${path}:${block.line}\n${block.text}\n\n${result.output}`
    expect({ where, exitCode: result.exitCode }).toEqual({
      where,
      exitCode: Number(block.settings.get('exit') ?? 0),
    })
    const shown = blocks[index + 1]
    if (shown?.flags.has('output')) expectOutput(path, shown, result.output)
  }
  return runs
}

function expectOutput(path: string, shown: Block, output: string): void {
  const matched = shown.flags.has('unordered')
    ? matchesUnordered(output, shown.text)
    : matches(output, shown.text)
  // Where it differs, the assertion shows both.
  if (!matched) expect(`${path}:${shown.line}\n${output}`).toBe(shown.text)
}

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
    'docs/how-to/failed-migration.md',
  ])(
    '%s',
    async (path) => {
      expect(await follow(path)).toBeGreaterThan(0)
    },
    300_000,
  )
})

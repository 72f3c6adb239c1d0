import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestDatabase } from '@manybase/local-postgres/testing'
import { database } from './database.ts'
import { migratedDatabase } from './testing/migrated-database.ts'

const run = promisify(execFile)
const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')
const root = fileURLToPath(new URL('..', import.meta.url))

const schema = 'prisma/schema.prisma'
const migrations = 'prisma/migrations'
/** How `prisma migrate diff --exit-code` says that both sides agree, and that they don't. */
const [empty, different] = [0, 2]

describe(`the Prisma schema of ${database.name}`, () => {
  let place: TestDatabase

  beforeAll(async () => {
    place = await migratedDatabase()
  })

  afterAll(() => place.drop())

  async function diff(...sides: readonly string[]): Promise<{ code: unknown; script: string }> {
    const args = [prisma, 'migrate', 'diff', ...sides, '--script', '--exit-code']
    const env = { ...process.env, [database.urlVariable]: place.url }
    return run(process.execPath, args, { cwd: root, env }).then(
      ({ stdout }) => ({ code: empty, script: stdout.trim() }),
      ({ code, stdout, stderr }) => ({ code, script: code === different ? stdout : stderr }),
    )
  }

  const agreement = { code: empty, script: '-- This is an empty migration.' }

  test('is what the history makes', async () => {
    expect(await diff('--from-migrations', migrations, '--to-schema', schema)).toEqual(agreement)
  })

  test('makes what the history makes', async () => {
    expect(await diff('--from-schema', schema, '--to-migrations', migrations)).toEqual(agreement)
  })

  test('is what stands in a migrated database', async () => {
    expect(await diff('--from-config-datasource', '--to-schema', schema)).toEqual(agreement)
    expect(await diff('--from-schema', schema, '--to-config-datasource')).toEqual(agreement)
  })

  test('would be missed if the history were not there', async () => {
    const { code, script } = await diff('--from-empty', '--to-schema', schema)
    expect([code, script]).toEqual([different, expect.stringContaining('CREATE TABLE')])
  })
})
